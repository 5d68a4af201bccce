import * as z from 'zod/mini';
import { optionIn } from './arguments.ts';
import type { CommandDeps } from './command-deps.ts';

export async function filterSessions({ ui, localize, tree }: CommandDeps, args: unknown): Promise<void> {
  const given = optionIn(z.string(), args, localize);
  const words =
    given ??
    (await ui.ask({
      title: localize('Filter Sessions'),
      prompt: localize(
        'Words in a title, project, branch, machine, task or id. Or is:stalled, is:running, is:own, is:dismissed. Leave it empty to show all.',
      ),
      value: tree.filter,
    }));
  tree.setFilter(words.trim());
}
