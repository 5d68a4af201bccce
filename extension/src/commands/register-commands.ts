import { type Disposable, Disposables } from '../platform/disposable.ts';
import type { Command, CommandDeps } from './command-deps.ts';
import { COMMANDS } from './commands.ts';
import { runCommand } from './run-command.ts';

/** Shaped like the editor's `commands.registerCommand`. */
export type RegisterCommand = (command: string, run: (...args: unknown[]) => Promise<void>) => Disposable;

/**
 * `deps` is asked for at the first command that runs, not when they are registered: activation stays short, and what
 * commands need is built when one needs it.
 */
export function registerCommands(deps: () => CommandDeps, register: RegisterCommand): Disposable {
  const registered = new Disposables();
  for (const [id, command] of Object.entries<Command>(COMMANDS)) {
    const run = (args?: unknown, selected?: unknown) => {
      const parts = deps();
      return runCommand(parts, id, () => command(parts, args, Array.isArray(selected) ? selected : undefined));
    };
    registered.add(register(id, run));
  }
  return registered;
}
