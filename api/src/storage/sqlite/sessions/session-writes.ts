import type { SessionRecord } from '../../records.ts';
import type { SessionChanges, SessionGuard } from '../../storage.ts';
import type { Connection } from '../engine/connection.ts';
import { assignments, Clauses, statusGuard } from '../sql/clauses.ts';
import { recordParameters } from '../sql/values.ts';
import { namingWhatIsTaken } from './session-place.ts';
import { SESSION, SESSION_COLUMNS, SETTABLE_SESSION_COLUMNS, toSessionOrNull } from './session-row.ts';

const INSERT = `
  INSERT INTO sessions (${SESSION}) VALUES (${SESSION_COLUMNS.map((column) => `:${column}`).join(', ')})`;

export function insertSession(connection: Connection, record: SessionRecord): void {
  namingWhatIsTaken(
    connection,
    () => connection.run(INSERT, recordParameters(record, SESSION_COLUMNS)),
    () => ({ ...record, isNew: true }),
  );
}

export function getSession(connection: Connection, sessionId: string): SessionRecord | null {
  return toSessionOrNull(
    connection.first(`SELECT ${SESSION} FROM sessions WHERE session_id = :session_id`, { session_id: sessionId }),
  );
}

export function updateSession(
  connection: Connection,
  sessionId: string,
  guard: SessionGuard,
  changes: SessionChanges,
): SessionRecord | null {
  const conditions = guardClauses(sessionId, guard);
  const set = assignments(SETTABLE_SESSION_COLUMNS, changes.set, changes.mergeMetadata);
  // Adding nought keeps a change of nothing a valid statement.
  set.add(`next_position = next_position + ${changes.takePosition ? 1 : 0}`);
  const row = namingWhatIsTaken(
    connection,
    () =>
      connection.first(`UPDATE sessions ${set.set} ${conditions.where} RETURNING ${SESSION}`, {
        ...set.parameters,
        ...conditions.parameters,
      }),
    () => {
      const stored = getSession(connection, sessionId);
      return stored && { ...stored, ...changes.set };
    },
  );
  return toSessionOrNull(row);
}

function guardClauses(sessionId: string, guard: SessionGuard): Clauses {
  const clauses = new Clauses().add('session_id = :session_id', { session_id: sessionId });
  statusGuard(clauses, guard.status)
    .addIf(guard.silentSince, 'last_heartbeat < :guard_silent_since', 'guard_silent_since')
    .addIf(guard.currentTaskId, 'current_task_id = :guard_current_task_id', 'guard_current_task_id')
    .addIf(guard.recoveryAttemptsBelow, 'recovery_attempts < :guard_attempts_below', 'guard_attempts_below');
  return guard.notRecovered ? clauses.add('recovered_by IS NULL') : clauses;
}

export function deleteSession(connection: Connection, sessionId: string): SessionRecord | null {
  return toSessionOrNull(
    connection.first(`DELETE FROM sessions WHERE session_id = :session_id RETURNING ${SESSION}`, {
      session_id: sessionId,
    }),
  );
}
