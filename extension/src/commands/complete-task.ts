import type { CommandDeps } from './command-deps.ts';
import { taken } from './own-session.ts';
import { chooseTask, updateForeignTask } from './task-changes.ts';

export async function completeTask(deps: CommandDeps, args: unknown): Promise<void> {
  const { localize } = deps;
  const task = await chooseTask(deps, args, {
    title: localize('Complete Task'),
    none: localize('No task of this window runs or waits.'),
    states: ['in_progress', 'pending'],
  });
  if (task.own) taken(await task.own.complete(), localize);
  else await updateForeignTask(deps, task.foreign, { status: 'completed' });
}
