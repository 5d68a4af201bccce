import { LIMITS } from '@claude-projects/shared/contract';
import { askText } from './ask-text.ts';
import type { CommandDeps } from './command-deps.ts';
import { taken } from './own-session.ts';
import { chooseTask, updateForeignTask } from './task-changes.ts';

export async function failTask(deps: CommandDeps, args: unknown): Promise<void> {
  const { localize } = deps;
  const title = localize('Fail Task');
  const task = await chooseTask(deps, args, {
    title,
    none: localize('No task of this window runs that could fail.'),
    states: ['in_progress'],
  });
  const prompt = localize('Why did it fail? Whoever recovers the session reads this.');
  const reason = await askText(deps, { title, prompt }, LIMITS.errorMessageLength);
  if (task.own) taken(await task.own.fail(reason), localize);
  else await updateForeignTask(deps, task.foreign, { status: 'failed', error_message: reason });
}
