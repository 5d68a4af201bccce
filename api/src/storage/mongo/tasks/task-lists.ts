import type { QueryFilter } from 'mongoose';
import type { TaskRecord } from '../../records.ts';
import type { Listing, Page, TaskFilter } from '../../storage.ts';
import type { Stored } from '../documents/fields.ts';
import { toTask } from '../documents/task-document.ts';
import { upTo } from '../engine/limits.ts';
import { both, type Runner } from '../engine/runner.ts';

const IN_ORDER = { session_id: 1, position: 1, task_id: 1 } as const;

export async function listTasks(
  runner: Runner,
  { session_id, project_id, status }: TaskFilter,
  { limit, offset }: Page,
): Promise<Listing<TaskRecord>> {
  const { models, options, run } = runner;
  const query: QueryFilter<TaskRecord> = {
    ...(session_id !== undefined && { session_id }),
    ...(project_id !== undefined && { project_id }),
    ...(status !== undefined && { status }),
  };
  const [found, total] = await both(
    runner,
    () =>
      upTo(limit, () =>
        run(() => models.tasks.find(query, null, options).sort(IN_ORDER).skip(offset).limit(limit).lean<Stored[]>()),
      ),
    () => run(() => models.tasks.countDocuments(query, options)),
  );
  return { records: found.map(toTask), total };
}

export async function listTasksOfSession({ models, options, run }: Runner, sessionId: string): Promise<TaskRecord[]> {
  const found = await run(() =>
    models.tasks.find({ session_id: sessionId }, null, options).sort(IN_ORDER).lean<Stored[]>(),
  );
  return found.map(toTask);
}
