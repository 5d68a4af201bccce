import { sessionIdsIn } from './arguments.ts';
import type { Command } from './command-deps.ts';

/** Runs a command for each selected session. A command may ask a question each time; closing a question ends all. */
export function forEachRow(command: Command): Command {
  return async (deps, args, selected) => {
    const ids = sessionIdsIn(args, selected, deps.localize) ?? [];
    if (ids.length < 2) return command(deps, args);
    for (const id of ids) await command(deps, id);
  };
}
