import { type SessionStatus, SessionStatus as Statuses } from '@claude-projects/shared/contract';
import type { LiveStatus, SessionFilter } from '../../storage.ts';
import type { Connection } from '../engine/connection.ts';
import { integer, oneOf } from '../sql/fields.ts';

export function countByStatus(connection: Connection): Record<SessionStatus, number> {
  const counts = { active: 0, paused: 0, completed: 0, failed: 0, stalled: 0 };
  for (const row of connection.all('SELECT status, sessions FROM session_counts')) {
    counts[oneOf(row, 'status', Statuses.options)] = integer(row, 'sessions');
  }
  return counts;
}

export function countLive(connection: Connection): Record<LiveStatus, number> {
  const { active, paused, stalled } = countByStatus(connection);
  return { active, paused, stalled };
}

/** The total of a list that is filtered by nothing but status, which is known; undefined for all others. */
export function knownTotal(connection: Connection, filter: SessionFilter): number | undefined {
  const { status, ...others } = filter;
  if (Object.values(others).some((condition) => condition !== undefined)) return undefined;
  const counts = countByStatus(connection);
  if (status !== undefined) return counts[status];
  return Object.values(counts).reduce((total, count) => total + count, 0);
}
