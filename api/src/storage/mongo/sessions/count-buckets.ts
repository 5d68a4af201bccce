import type { SessionRecord } from '../../records.ts';
import type { EndedStatus } from '../../storage.ts';

// Ended sessions are counted by the day on which the TTL index may delete them. It runs no code, so nobody is told
// when it does. But it deletes nothing early: what expires on days to come is all there, and its counts are exact.
// What expires about now is looked up. Counts of days that are over mean nothing.

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** So that sessions that end at once mostly count in different documents: where two meet, one of them begins anew. */
export const SHARDS = 32;

export const ENDED = ['completed', 'failed'] as const satisfies readonly EndedStatus[];

/** The day of the sessions that nobody deletes: later than every date, as texts go. */
export const KEPT = 'kept';

/** Where a session counts. */
export interface Bucket {
  status: EndedStatus;
  day: string;
}

/** Null for those that have not ended: they are counted by an index. */
export function bucketOf({ status, expires_at }: Pick<SessionRecord, 'status' | 'expires_at'>): Bucket | null {
  return isEnded(status) ? { status, day: expires_at ? dayOf(expires_at) : KEPT } : null;
}

export function isEnded(status: SessionRecord['status']): status is EndedStatus {
  return status === 'completed' || status === 'failed';
}

/** By the id, so that nothing has to be drawn by lot: its last two digits are as good as chance. */
export function shardOf(sessionId: string): number {
  return (Number.parseInt(sessionId.slice(-2), 16) || 0) % SHARDS;
}

/** What expires from here on is surely there: at midnight, but an hour ahead at least, as the server's clock is another. */
export function certainFrom(now: Date): Date {
  return new Date(Math.ceil((now.getTime() + HOUR_MS) / DAY_MS) * DAY_MS);
}

/** In UTC, like all dates here, and written so that the order of texts is that of days. */
export function dayOf(at: Date): string {
  return at.toISOString().slice(0, 10);
}
