import { resolve } from 'node:path';
import { CommandError } from './commands.ts';
import { UsageError } from './usage-error.ts';

export const workspace = resolve(import.meta.dirname, '../..');

/** Says how it ended, and ends with a code of failure where it failed. */
export async function commandLine(work: () => Promise<string>): Promise<void> {
  try {
    console.log(await work());
  } catch (error) {
    if (!(error instanceof UsageError || error instanceof CommandError)) throw error;
    console.error(error.message);
    process.exitCode = 1;
  }
}
