import type { SessionStatus } from '@claude-projects/shared/contract';
import { SessionStatus as Statuses } from '@claude-projects/shared/contract';
import type { Connection } from '../engine/connection.ts';
import { integer, oneOf, text } from '../sql/fields.ts';
import { toStored } from '../sql/values.ts';

export function countByStatus(connection: Connection): Record<SessionStatus, number> {
  const counts = { active: 0, paused: 0, completed: 0, failed: 0, stalled: 0 };
  for (const row of connection.all('SELECT status, count(*) AS count FROM sessions GROUP BY status')) {
    counts[oneOf(row, 'status', Statuses.options)] = integer(row, 'count');
  }
  return counts;
}

/** Repeats the condition of its partial index, which SQLite can use only then. */
export function listExpired(connection: Connection, completedBefore: Date, limit: number): string[] {
  return connection
    .all(
      `SELECT session_id FROM sessions INDEXED BY sessions_by_completion
       WHERE archived_at IS NULL AND status IN ('completed', 'failed') AND completed_at < :completed_before
       ORDER BY completed_at, session_id LIMIT :limit`,
      { completed_before: toStored(completedBefore), limit },
    )
    .map((row) => text(row, 'session_id'));
}

export function listLiveIds(connection: Connection, machineId: string): string[] {
  return connection
    .all(
      `SELECT session_id FROM sessions INDEXED BY sessions_by_machine
       WHERE machine_id = :machine_id AND status IN ('active', 'paused', 'stalled') ORDER BY created_at, session_id`,
      { machine_id: machineId },
    )
    .map((row) => text(row, 'session_id'));
}
