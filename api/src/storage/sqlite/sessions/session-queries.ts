import type { Connection } from '../engine/connection.ts';
import { text } from '../sql/fields.ts';
import { toStored } from '../sql/values.ts';

export function listExpired(connection: Connection, expiredBefore: Date, limit: number): string[] {
  return connection
    .all(
      `SELECT session_id FROM sessions INDEXED BY sessions_by_expiry
       WHERE expires_at < :expired_before ORDER BY expires_at, session_id LIMIT :limit`,
      { expired_before: toStored(expiredBefore), limit },
    )
    .map((row) => text(row, 'session_id'));
}

/** Repeats the condition of its partial index, which SQLite can use only then. */
export function listLiveIds(connection: Connection, machineId: string): string[] {
  return connection
    .all(
      `SELECT session_id FROM sessions INDEXED BY sessions_live_of_machine
       WHERE machine_id = :machine_id AND status IN ('active', 'paused', 'stalled') ORDER BY created_at, session_id`,
      { machine_id: machineId },
    )
    .map((row) => text(row, 'session_id'));
}
