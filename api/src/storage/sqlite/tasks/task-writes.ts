import type { TaskRecord } from '../../records.ts';
import type { TaskChanges, TaskGuard } from '../../storage.ts';
import { UniqueViolationError } from '../../storage-errors.ts';
import type { Connection } from '../engine/connection.ts';
import { isUniqueViolation } from '../engine/sqlite-errors.ts';
import { assignments, Clauses, statusGuard } from '../sql/clauses.ts';
import { recordParameters, toStored } from '../sql/values.ts';
import { SETTABLE_TASK_COLUMNS, TASK, TASK_COLUMNS, toTaskOrNull } from './task-row.ts';

const INSERT = `INSERT INTO tasks (${TASK}) VALUES (${TASK_COLUMNS.map((column) => `:${column}`).join(', ')})`;

export function insertTask(connection: Connection, record: TaskRecord): void {
  try {
    connection.run(INSERT, recordParameters(record, TASK_COLUMNS));
  } catch (error) {
    // The table has no other constraint of that kind.
    if (isUniqueViolation(error)) throw new UniqueViolationError('task_id', { cause: error });
    throw error;
  }
}

export function getTask(connection: Connection, taskId: string): TaskRecord | null {
  return toTaskOrNull(connection.first(`SELECT ${TASK} FROM tasks WHERE task_id = :task_id`, { task_id: taskId }));
}

export function updateTask(
  connection: Connection,
  taskId: string,
  guard: TaskGuard,
  changes: TaskChanges,
): TaskRecord | null {
  const conditions = new Clauses().add('task_id = :task_id', { task_id: taskId });
  statusGuard(conditions, guard.status).addIf(guard.sessionId, 'session_id = :guard_session_id', 'guard_session_id');
  const set = assignments(SETTABLE_TASK_COLUMNS, changes.set, changes.mergeMetadata);
  // Keeps a change of nothing a valid statement.
  set.add('created_from = created_from');
  return toTaskOrNull(
    connection.first(`UPDATE tasks ${set.set} ${conditions.where} RETURNING ${TASK}`, {
      ...set.parameters,
      ...conditions.parameters,
    }),
  );
}

export function deleteTask(connection: Connection, taskId: string): TaskRecord | null {
  return toTaskOrNull(
    connection.first(`DELETE FROM tasks WHERE task_id = :task_id RETURNING ${TASK}`, { task_id: taskId }),
  );
}

export function failRunningTasks(connection: Connection, sessionId: string, at: Date, errorMessage: string): number {
  return connection.run(
    `UPDATE tasks INDEXED BY tasks_by_session
     SET status = 'failed', completed_at = :at, updated_at = :at, error_message = :error_message
     WHERE session_id = :session_id AND status = 'in_progress'`,
    { session_id: sessionId, at: toStored(at), error_message: errorMessage },
  );
}

export function setTaskExpiry(connection: Connection, sessionId: string, expiresAt: Date | null): void {
  connection.run('UPDATE tasks SET expires_at = :expires_at WHERE session_id = :session_id', {
    session_id: sessionId,
    expires_at: toStored(expiresAt),
  });
}

export function deleteTasksOfSession(connection: Connection, sessionId: string): number {
  return connection.run('DELETE FROM tasks WHERE session_id = :session_id', { session_id: sessionId });
}
