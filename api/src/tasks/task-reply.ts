import type { Task } from '@claude-projects/shared/contract';
import type { TaskRecord } from '../storage/records.ts';

export function toTask(record: TaskRecord): Task {
  return {
    task_id: record.task_id,
    session_id: record.session_id,
    project_id: record.project_id,
    github_issue_id: record.github_issue_id,
    task_name: record.task_name,
    status: record.status,
    position: record.position,
    started_at: record.started_at?.toISOString() ?? null,
    completed_at: record.completed_at?.toISOString() ?? null,
    error_message: record.error_message,
    metadata: record.metadata,
    created_at: record.created_at.toISOString(),
    updated_at: record.updated_at.toISOString(),
  };
}
