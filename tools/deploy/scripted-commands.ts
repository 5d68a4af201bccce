import assert from 'node:assert/strict';
import { CommandError, type Commands } from './commands.ts';

/** What a program that is expected says; a rejection for one that fails. */
export type Script = Readonly<Record<string, string | CommandError>>;

/** Commands for tests: one that nobody expected fails the test. */
export function scriptedCommands(script: Script): Commands & { readonly ran: string[] } {
  const ran: string[] = [];
  const answer = async (command: readonly string[]): Promise<string> => {
    const line = command.join(' ');
    ran.push(line);
    const [, said] = Object.entries(script).find(([expected]) => line.includes(expected)) ?? [];
    if (said instanceof CommandError) throw said;
    return said ?? assert.fail(`nobody expected: ${line}`);
  };
  return {
    ran,
    read: answer,
    run: async (command) => {
      await answer(command);
    },
  };
}
