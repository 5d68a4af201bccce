import {
  AuthenticationError,
  ConflictError,
  ContractError,
  NotFoundError,
  RateLimitedError,
  UnavailableError,
} from '@claude-projects/shared/client';

export const unreachable = () => new UnavailableError('the server cannot be reached', { code: 'NETWORK_ERROR' });
export const noDatabase = () => new UnavailableError('no database', { code: 'DATABASE_UNAVAILABLE', status: 503 });
export const keyRefused = () => new AuthenticationError('Invalid API key', { code: 'API_KEY_INVALID', status: 401 });
export const noSuchSession = () => new NotFoundError('no such session', { code: 'SESSION_NOT_FOUND', status: 404 });
export const notOurs = () => new ContractError('a page in HTML', { code: 'CONTRACT_VIOLATION', status: 200 });
export const sessionEnded = (successorSessionId?: string) =>
  new ConflictError('over', { code: 'SESSION_ENDED', status: 409, successorSessionId });
export const placeTaken = (conflictingSessionId: string) =>
  new ConflictError('taken', { code: 'ACTIVE_SESSION_EXISTS', status: 409, conflictingSessionId });
export const noSuchMachine = () => new NotFoundError('no such machine', { code: 'MACHINE_NOT_FOUND', status: 404 });
export const tooMany = (retryAfterMs: number) =>
  new RateLimitedError('too many', { code: 'RATE_LIMITED', status: 429, retryAfterMs });
