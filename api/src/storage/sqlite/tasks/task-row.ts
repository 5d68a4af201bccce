import { TaskStatus } from '@claude-projects/shared/contract';
import type { TaskRecord } from '../../records.ts';
import type { Row } from '../engine/connection.ts';
import { integer, metadata, oneOf, text, textOrNull, time, timeOrNull } from '../sql/fields.ts';

export const SETTABLE_TASK_COLUMNS = [
  'session_id',
  'project_id',
  'github_issue_id',
  'task_name',
  'status',
  'position',
  'started_at',
  'completed_at',
  'error_message',
  'expires_at',
  'updated_at',
] as const satisfies readonly (keyof TaskRecord)[];

export const TASK_COLUMNS = [
  'task_id',
  ...SETTABLE_TASK_COLUMNS,
  'metadata',
  'created_from',
  'created_at',
] as const satisfies readonly (keyof TaskRecord)[];

export const TASK = TASK_COLUMNS.join(', ');

export function toTask(row: Row): TaskRecord {
  return {
    task_id: text(row, 'task_id'),
    session_id: text(row, 'session_id'),
    project_id: text(row, 'project_id'),
    github_issue_id: textOrNull(row, 'github_issue_id'),
    task_name: text(row, 'task_name'),
    status: oneOf(row, 'status', TaskStatus.options),
    position: integer(row, 'position'),
    started_at: timeOrNull(row, 'started_at'),
    completed_at: timeOrNull(row, 'completed_at'),
    error_message: textOrNull(row, 'error_message'),
    metadata: metadata(row, 'metadata'),
    created_from: text(row, 'created_from'),
    expires_at: timeOrNull(row, 'expires_at'),
    created_at: time(row, 'created_at'),
    updated_at: time(row, 'updated_at'),
  };
}

export function toTaskOrNull(row: Row | null): TaskRecord | null {
  return row && toTask(row);
}
