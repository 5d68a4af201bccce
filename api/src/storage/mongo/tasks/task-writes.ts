import type { TaskRecord } from '../../records.ts';
import type { TaskChanges, TaskGuard } from '../../storage.ts';
import type { Stored } from '../documents/fields.ts';
import { metadataToStore } from '../documents/metadata-to-store.ts';
import { toTaskOrNull } from '../documents/task-document.ts';
import { mergeInto } from '../documents/update-stage.ts';
import type { Runner } from '../engine/runner.ts';
import { CHANGED, insertDocument, validAssignments } from '../engine/writes.ts';

export function insertTask(runner: Runner, record: TaskRecord): Promise<void> {
  return insertDocument(runner, runner.models.tasks, { ...record, metadata: metadataToStore(record.metadata) });
}

export async function getTask({ models, options, run }: Runner, taskId: string): Promise<TaskRecord | null> {
  return toTaskOrNull(await run(() => models.tasks.findOne({ task_id: taskId }, null, options).lean<Stored>()));
}

export async function updateTask(
  { models, options, run }: Runner,
  taskId: string,
  guard: TaskGuard,
  changes: TaskChanges,
): Promise<TaskRecord | null> {
  const assignments = {
    ...(await validAssignments(models.tasks, changes.set)),
    ...mergeInto(changes.mergeMetadata),
    // Keeps a change of nothing a valid update.
    created_from: '$created_from',
  };
  const filter = {
    task_id: taskId,
    ...(guard.status && { status: { $in: [...guard.status] } }),
    ...(guard.sessionId !== undefined && { session_id: guard.sessionId }),
  };
  return toTaskOrNull(
    await run(() =>
      models.tasks.findOneAndUpdate(filter, [{ $set: assignments }], { ...options, ...CHANGED }).lean<Stored>(),
    ),
  );
}

export async function deleteTask({ models, options, run }: Runner, taskId: string): Promise<TaskRecord | null> {
  return toTaskOrNull(await run(() => models.tasks.findOneAndDelete({ task_id: taskId }, options).lean<Stored>()));
}

export async function failRunningTasks(
  { models, options, run }: Runner,
  sessionId: string,
  at: Date,
  errorMessage: string,
): Promise<number> {
  const set = { status: 'failed' as const, completed_at: at, updated_at: at, error_message: errorMessage };
  const { modifiedCount } = await run(() =>
    models.tasks.updateMany({ session_id: sessionId, status: 'in_progress' }, { $set: set }, options),
  );
  return modifiedCount;
}

export async function setTaskExpiry(
  { models, options, run }: Runner,
  sessionId: string,
  expiresAt: Date | null,
): Promise<void> {
  await run(() => models.tasks.updateMany({ session_id: sessionId }, { $set: { expires_at: expiresAt } }, options));
}

export async function deleteTasksOfSession({ models, options, run }: Runner, sessionId: string): Promise<number> {
  const { deletedCount } = await run(() => models.tasks.deleteMany({ session_id: sessionId }, options));
  return deletedCount;
}
