import type { Session } from '@claude-projects/shared/client';

/** What a row needs to say how a session is, between two readings. */
export interface Vitals {
  readonly now: number;
  readonly stallThresholdMs: number;
}

/** A clock that lags behind the server's would see heartbeats of the future. */
export function silenceMs({ last_heartbeat }: Pick<Session, 'last_heartbeat'>, now: number): number {
  return Math.max(0, now - Date.parse(last_heartbeat));
}

/**
 * Lets a session that was healthy when it was read grow late by itself. That it is stalled is for the server to say:
 * others act upon it.
 */
export function healthAt(session: Pick<Session, 'health' | 'last_heartbeat'>, vitals: Vitals): Session['health'] {
  if (session.health !== 'healthy') return session.health;
  return silenceMs(session, vitals.now) > vitals.stallThresholdMs / 2 ? 'late' : 'healthy';
}

/** Whether a person should look at it: it died and was not recovered, waits for an answer, or has stopped. */
export function needsAttention(session: Session): boolean {
  const { status, health, recovered_by, archived_at } = session;
  if (recovered_by !== null || archived_at !== null) return false;
  return status === 'failed' || health === 'stalled' || health === 'waiting' || hasStopped(session);
}

/**
 * Whether an error or a limit keeps it at its prompt until a person goes on with it. A session of Claude Code that is
 * idle gives no detail except for that. What other orchestrators say of their idle sessions may be anything.
 */
export function hasStopped({ health, activity, activity_detail, metadata }: Session): boolean {
  if (health !== 'healthy' && health !== 'late') return false;
  return activity === 'idle' && activity_detail !== null && metadata['source'] === 'claude-code';
}

/** Whether it has not ended, however it is. */
export function isLive({ status }: Pick<Session, 'status'>): boolean {
  return status === 'active' || status === 'paused' || status === 'stalled';
}

/** Whether to look at a session often: the work of one that is paused or dead does not move. */
export function isRunning({ status, health }: Session): boolean {
  return status === 'active' && health !== 'stalled';
}

/** Whether it may have become late or stalled since it was read. */
export function isSilent(session: Session, { now, stallThresholdMs }: Vitals): boolean {
  const isAlive = isRunning(session) || session.health === 'paused';
  return isAlive && silenceMs(session, now) > stallThresholdMs / 2;
}

/** What must be known however old it is. */
export function matters(session: Session): boolean {
  return needsAttention(session) || session.status === 'active' || session.status === 'paused';
}

/** How long it has been over, or silent. */
export function quietMs(session: Pick<Session, 'completed_at' | 'last_heartbeat'>, now: number): number {
  const { completed_at } = session;
  return completed_at === null ? silenceMs(session, now) : Math.max(0, now - Date.parse(completed_at));
}

const DAY_MS = 24 * 60 * 60_000;

/** What has needed somebody for so long is history: it is not counted any more. */
export function isOld(session: Pick<Session, 'completed_at' | 'last_heartbeat'>, now: number): boolean {
  return quietMs(session, now) > DAY_MS;
}
