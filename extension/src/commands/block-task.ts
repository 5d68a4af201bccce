import { LIMITS } from '@claude-projects/shared/contract';
import { askOptionalText } from './ask-text.ts';
import type { CommandDeps } from './command-deps.ts';
import { taken } from './own-session.ts';
import { chooseTask, updateForeignTask } from './task-changes.ts';

export async function blockTask(deps: CommandDeps, args: unknown): Promise<void> {
  const { localize } = deps;
  const title = localize('Block Task');
  const task = await chooseTask(deps, args, {
    title,
    none: localize('No task of this window runs or waits.'),
    states: ['in_progress', 'pending'],
  });
  const prompt = localize('What does it wait for? May be left empty.');
  const reason = await askOptionalText(deps, { title, prompt }, LIMITS.errorMessageLength);
  if (task.own) taken(await task.own.block(reason), localize);
  else {
    const because = reason === undefined ? {} : { metadata: { block_reason: reason } };
    await updateForeignTask(deps, task.foreign, { status: 'blocked', ...because });
  }
}
