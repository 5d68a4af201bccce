import type { Connection } from '../engine/connection.ts';
import { text } from '../sql/fields.ts';
import { toStored } from '../sql/values.ts';

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

/** Repeats the condition of its partial index, too. */
export function listLiveIds(connection: Connection, machineId: string): string[] {
  return connection
    .all(
      `SELECT session_id FROM sessions INDEXED BY sessions_live_of_machine
       WHERE machine_id = :machine_id AND status IN ('active', 'paused', 'stalled') ORDER BY created_at, session_id`,
      { machine_id: machineId },
    )
    .map((row) => text(row, 'session_id'));
}
