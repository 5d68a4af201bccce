import { CommandError, type Commands } from './commands.ts';
import { problemsOf, readSecrets } from './secrets.ts';
import type { Stage } from './stages.ts';
import { UsageError } from './usage-error.ts';

/** Rejects with one UsageError that names every secret that is missing or wrong. */
export async function checkSecrets(stage: Stage, folder: string, commands: Commands): Promise<void> {
  const problems = problemsOf(readSecrets(await listed(stage, folder, commands)), stage);
  if (problems.length === 0) return;
  throw new UsageError(
    `The secrets of ${stage} are not complete:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`,
  );
}

/** SST also fails where nothing was ever set; whoever sets up a stage wants to know what it needs. */
async function listed(stage: Stage, folder: string, commands: Commands): Promise<string> {
  try {
    return await commands.read(['sst', 'secret', 'list', '--stage', stage], folder);
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    const needed = problemsOf(new Map(), stage).map((problem) => `  - ${problem}`);
    throw new UsageError(`${error.message}\nWhere none is set yet, ${stage} needs these:\n${needed.join('\n')}`);
  }
}
