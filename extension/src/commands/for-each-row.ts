import { sessionIdsIn } from './arguments.ts';
import type { Command } from './command-deps.ts';

/** Runs a command of one session for each of those that are selected. It asks for each; closing a question ends it. */
export function forEachRow(command: Command): Command {
  return async (deps, args, selected) => {
    const ids = sessionIdsIn(args, selected, deps.localize) ?? [];
    if (ids.length < 2) return command(deps, args);
    for (const id of ids) await command(deps, id);
  };
}
