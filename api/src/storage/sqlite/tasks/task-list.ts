import type { TaskRecord } from '../../records.ts';
import type { Listing, Page, TaskFilter } from '../../storage.ts';
import type { Connection } from '../engine/connection.ts';
import { Clauses, pageParameters } from '../sql/clauses.ts';
import { TASK, toTask } from './task-row.ts';

/** As for sessions: the narrowest filter leads, and each index is in the order of the list. */
function leadingIndex(filter: TaskFilter): string {
  if (filter.session_id !== undefined) return 'tasks_by_session';
  if (filter.project_id !== undefined) return 'tasks_by_project';
  if (filter.status !== undefined) return 'tasks_by_status';
  return 'tasks_by_session';
}

export function listTasks(connection: Connection, filter: TaskFilter, page: Page): Listing<TaskRecord> {
  const { where, parameters } = new Clauses()
    .addIf(filter.session_id, 'session_id = :session_id', 'session_id')
    .addIf(filter.project_id, 'project_id = :project_id', 'project_id')
    .addIf(filter.status, 'status = :status', 'status');
  const source = `tasks INDEXED BY ${leadingIndex(filter)} ${where}`;
  return connection.consistently(() => ({
    records: connection
      .all(`SELECT ${TASK} FROM ${source} ORDER BY session_id, position, task_id LIMIT :limit OFFSET :offset`, {
        ...parameters,
        ...pageParameters(page),
      })
      .map(toTask),
    total: connection.count(`SELECT count(*) AS count FROM ${source}`, parameters),
  }));
}

export function listTasksOfSession(connection: Connection, sessionId: string): TaskRecord[] {
  return connection
    .all(`SELECT ${TASK} FROM tasks WHERE session_id = :session_id ORDER BY position, task_id`, {
      session_id: sessionId,
    })
    .map(toTask);
}
