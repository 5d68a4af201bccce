import type { SessionHealth } from '@claude-projects/shared/contract';
import type { SessionRecord } from '../storage/records.ts';

type Vitals = Pick<SessionRecord, 'status' | 'activity' | 'last_heartbeat'>;

/** The one definition of health; reading a session and sweeping for stalled ones go by the same. */
export function healthOf(session: Vitals, now: Date, silenceLimitMs: number): SessionHealth {
  if (session.status === 'completed' || session.status === 'failed') return 'ended';
  if (session.status === 'stalled') return 'stalled';
  const silence = silenceOf(session, now);
  if (silence > silenceLimitMs) return 'stalled';
  if (session.status === 'paused') return 'paused';
  if (session.activity === 'waiting_for_input') return 'waiting';
  return silence > silenceLimitMs / 2 ? 'late' : 'healthy';
}

export function silenceOf(session: Pick<SessionRecord, 'last_heartbeat'>, now: Date): number {
  return Math.max(0, now.getTime() - session.last_heartbeat.getTime());
}

/** Active and paused sessions whose last heartbeat is older than this are stalled. */
export function overdueSince(now: Date, silenceLimitMs: number): Date {
  return new Date(now.getTime() - silenceLimitMs);
}
