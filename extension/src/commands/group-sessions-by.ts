import * as z from 'zod/mini';
import type { Localize } from '../platform/localize.ts';
import { GROUPINGS } from '../settings/check-settings.ts';
import type { Grouping } from '../settings/settings.ts';
import { optionIn } from './arguments.ts';
import type { CommandDeps } from './command-deps.ts';

/** Written to the settings: the tree follows those, and remembers it that way. */
export async function groupSessionsBy({ ui, localize, settings }: CommandDeps, args: unknown): Promise<void> {
  const given = optionIn(z.enum(GROUPINGS), args, localize);
  const question = { title: localize('Group Sessions By'), placeholder: localize('Which groups does the view show?') };
  const choices = GROUPINGS.map((grouping) => ({
    label: nameOf(grouping, localize),
    description: grouping === settings.current.groupBy ? localize('as now') : '',
    value: grouping,
  }));
  await settings.update('groupBy', given ?? (await ui.pick(choices, question)));
}

function nameOf(grouping: Grouping, localize: Localize): string {
  switch (grouping) {
    case 'health':
      return localize('What needs attention first');
    case 'project':
      return localize('Project');
    case 'machine':
      return localize('Machine');
    default:
      return grouping satisfies never;
  }
}
