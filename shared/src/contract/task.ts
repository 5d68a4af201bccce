import * as z from 'zod/mini';
import { LIMITS } from './limits.ts';
import { Metadata, StoredMetadata } from './metadata.ts';
import {
  Count,
  ErrorMessage,
  limitUpTo,
  OccurredAt,
  Offset,
  ProjectId,
  page,
  Timestamp,
  text,
  Uuid,
} from './primitives.ts';

export const TaskStatus = z
  .enum(['pending', 'in_progress', 'completed', 'failed', 'blocked'])
  .check(z.meta({ id: 'TaskStatus' }));
export type TaskStatus = z.output<typeof TaskStatus>;

export const Task = z
  .object({
    task_id: z.string(),
    session_id: z.string(),
    project_id: z.string(),
    github_issue_id: z.nullable(z.string()),
    task_name: z.string(),
    status: TaskStatus,
    position: Count.check(z.meta({ description: 'Its place in the order of its session.' })),
    started_at: z.nullable(Timestamp),
    completed_at: z.nullable(Timestamp),
    error_message: z.nullable(z.string()),
    metadata: StoredMetadata,
    created_at: Timestamp,
    updated_at: Timestamp,
  })
  .check(z.meta({ id: 'Task' }));
export type Task = z.output<typeof Task>;

export const CreateTask = z
  .strictObject({
    task_id: z.optional(Uuid),
    session_id: Uuid,
    project_id: ProjectId,
    github_issue_id: z.optional(text(LIMITS.idLength)),
    task_name: text(LIMITS.taskNameLength),
    metadata: z.optional(Metadata),
    occurred_at: z.optional(OccurredAt),
  })
  .check(z.meta({ id: 'CreateTask' }));
export type CreateTask = z.output<typeof CreateTask>;

export const UpdateTask = z
  .strictObject({
    session_id: z.optional(
      Uuid.check(
        z.meta({ description: 'The session that reports it: refused with SESSION_ENDED if the task has moved on.' }),
      ),
    ),
    task_name: z.optional(text(LIMITS.taskNameLength)),
    status: z.optional(TaskStatus),
    error_message: z.optional(ErrorMessage),
    metadata: z.optional(Metadata),
    occurred_at: z.optional(OccurredAt),
  })
  .check(
    z.refine((update) => update.status !== 'failed' || update.error_message !== undefined, {
      error: 'is required when status is "failed"',
      path: ['error_message'],
    }),
    z.meta({ id: 'UpdateTask', description: '`failed` requires `error_message`. Metadata is merged key by key.' }),
  );
export type UpdateTask = z.output<typeof UpdateTask>;

export const ListTasks = z.strictObject({
  session_id: z.optional(text(LIMITS.idLength)),
  project_id: z.optional(ProjectId),
  status: z.optional(TaskStatus),
  limit: limitUpTo(LIMITS.tasksPerPage),
  offset: Offset,
});
export type ListTasks = z.output<typeof ListTasks>;

export const TaskList = z.object({ tasks: z.array(Task), ...page }).check(z.meta({ id: 'TaskList' }));
export type TaskList = z.output<typeof TaskList>;
