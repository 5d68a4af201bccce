import { TaskStatus } from '@claude-projects/shared/contract';
import type { TaskRecord } from '../../records.ts';
import { metadata, number, oneOf, type Stored, text, textOrNull, time, timeOrNull } from './fields.ts';

export function toTask(stored: Stored): TaskRecord {
  return {
    task_id: text(stored, 'task_id'),
    session_id: text(stored, 'session_id'),
    project_id: text(stored, 'project_id'),
    github_issue_id: textOrNull(stored, 'github_issue_id'),
    task_name: text(stored, 'task_name'),
    status: oneOf(stored, 'status', TaskStatus.options),
    position: number(stored, 'position'),
    started_at: timeOrNull(stored, 'started_at'),
    completed_at: timeOrNull(stored, 'completed_at'),
    error_message: textOrNull(stored, 'error_message'),
    metadata: metadata(stored, 'metadata'),
    created_from: text(stored, 'created_from'),
    expires_at: timeOrNull(stored, 'expires_at'),
    created_at: time(stored, 'created_at'),
    updated_at: time(stored, 'updated_at'),
  };
}

export function toTaskOrNull(stored: Stored | null): TaskRecord | null {
  return stored && toTask(stored);
}
