import type { SessionRecord } from '../../records.ts';
import type { EndedStatus } from '../../storage.ts';

// Ended sessions are counted by the hour in which the TTL index may delete them. It runs no code, so nobody is told
// when it does. But it deletes nothing early: what expires in hours to come is all there, and its counters are exact.
// Only what expires about now has to be looked up. Counters of the past mean nothing, and are forgotten.

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** Sessions that end at once mostly count in different documents; and a shard is recounted by itself. */
export const SHARDS: readonly string[] = [...'0123456789abcdef'];

export type Counted = Pick<SessionRecord, 'session_id' | 'status' | 'expires_at'>;

/** Where a session counts: the document, and the field in it. */
export interface Bucket {
  status: EndedStatus;
  shard: number;
  /** The end of the day; null: it is kept. */
  until: Date | null;
  hour: string | null;
}

/** A range of ids, so that the sessions of a shard are found by their index: the ids that begin with its digit. */
export function shardOf(sessionId: string): number {
  return Math.max(
    0,
    SHARDS.findLastIndex((digit) => digit <= sessionId),
  );
}

export function idsIn(shard: number): { $gte?: string; $lt?: string } {
  const [from, to] = [SHARDS[shard], SHARDS[shard + 1]];
  return { ...(shard > 0 && from !== undefined && { $gte: from }), ...(to !== undefined && { $lt: to }) };
}

/** Null for those that have not ended: they are counted by an index. */
export function bucketOf({ session_id, status, expires_at }: Counted): Bucket | null {
  if (!isEnded(status)) return null;
  return {
    status,
    shard: shardOf(session_id),
    until: expires_at && endOfDay(expires_at),
    hour: expires_at && hourField(expires_at.getUTCHours()),
  };
}

export function isEnded(status: SessionRecord['status']): status is EndedStatus {
  return status === 'completed' || status === 'failed';
}

export function hourField(hour: number): string {
  return `h${hour}`;
}

/** The end of the day in which a moment lies; midnight belongs to the day that it begins. */
export function endOfDay(at: Date): Date {
  return new Date(Math.floor(at.getTime() / DAY_MS) * DAY_MS + DAY_MS);
}

/** What expires from here on is surely there: an hour and more ahead, because the server's clock is another. */
export function firstCertainHour(now: Date): Date {
  return new Date(Math.floor(now.getTime() / HOUR_MS) * HOUR_MS + 2 * HOUR_MS);
}

/** The hours of the day in which the first certain one lies that are certain as well. */
export function certainHours(from: Date): string[] {
  return Array.from({ length: 24 }, (_, hour) => hour)
    .filter((hour) => hour >= from.getUTCHours())
    .map(hourField);
}
