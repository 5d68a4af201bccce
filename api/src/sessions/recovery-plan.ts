import type { TaskRecord } from '../storage/records.ts';

export interface RecoveryPlan {
  /** Open tasks that go over as they are, each with its new position. */
  moved: { task: TaskRecord; position: number }[];
  /** Tasks that get a new pending twin in the new session. */
  retried: { task: TaskRecord; position: number }[];
  /** Tasks that were running when the session died: they end there as failed. */
  interrupted: TaskRecord[];
  nextPosition: number;
}

/** What becomes of the tasks of a dead session. Keeps their order; completed ones stay behind. */
export function planRecovery(tasksInOrder: readonly TaskRecord[], resetFailedTasks: boolean): RecoveryPlan {
  const plan: RecoveryPlan = { moved: [], retried: [], interrupted: [], nextPosition: 0 };
  for (const task of tasksInOrder) {
    if (task.status === 'pending' || task.status === 'blocked') {
      plan.moved.push({ task, position: plan.nextPosition++ });
      continue;
    }
    if (task.status === 'completed') continue;
    if (task.status === 'in_progress') plan.interrupted.push(task);
    if (resetFailedTasks) plan.retried.push({ task, position: plan.nextPosition++ });
  }
  return plan;
}
