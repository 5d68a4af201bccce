import type { Metadata } from '@claude-projects/shared/contract';
import { assertMetadataFits } from '../common/metadata-size.ts';
import type { SessionRecord } from '../storage/records.ts';
import type { SessionGuard, Stores } from '../storage/storage.ts';
import { type EndedState, LIVE_STATES } from './session-states.ts';

const DAY_MS = 24 * 3_600_000;

export interface Ending {
  status: EndedState;
  at: Date;
  now: Date;
  retentionDays: number;
  errorMessage?: string | undefined;
  metadata?: Metadata | undefined;
}

/** Retention counts from when the API learned of an end, however late the end was reported. */
export function expiryOf(learnedAt: Date, retentionDays: number): Date {
  return new Date(learnedAt.getTime() + retentionDays * DAY_MS);
}

/**
 * Ends a session and all that hangs on it; to be run inside a transaction. Null where the guard did not hold:
 * the session is not there, or it is not live any more.
 */
export async function endSession(
  { sessions, tasks, machines }: Stores,
  sessionId: string,
  ending: Ending,
  guard: SessionGuard = { status: LIVE_STATES },
): Promise<SessionRecord | null> {
  const { status, at, now, errorMessage, metadata } = ending;
  const expiresAt = expiryOf(now, ending.retentionDays);
  const ended = await sessions.update(sessionId, guard, {
    set: {
      status,
      completed_at: at,
      current_task_id: null,
      error_message: errorMessage ?? null,
      expires_at: expiresAt,
      updated_at: now,
    },
    ...(metadata && { mergeMetadata: metadata }),
  });
  if (!ended) return null;
  assertMetadataFits(ended.metadata);
  if (status === 'failed') await tasks.failRunning(sessionId, at, errorMessage ?? 'The session failed.');
  await tasks.setExpiry(sessionId, expiresAt);
  await machines.removeSession(ended.machine_id, sessionId, now);
  return ended;
}
