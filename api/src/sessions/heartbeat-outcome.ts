import { DomainError } from '../common/domain-error.ts';

/**
 * Whether a heartbeat that failed counts as refused: by a session that has ended or lost its place, or for a
 * failure of ours. One that names no session, or is not well-formed, is no heartbeat of anybody's.
 */
export function isRefusedHeartbeat(error: unknown): boolean {
  if (!(error instanceof DomainError)) return true;
  return error.code !== 'SESSION_NOT_FOUND' && error.code !== 'VALIDATION_FAILED';
}
