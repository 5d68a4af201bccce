import { checkSecrets } from './check-secrets.ts';
import { type Commands, PNPM } from './commands.ts';
import type { Stage } from './stages.ts';

/** Secrets first: they are looked at in a second, and without them the rest is for nothing. */
export async function deploy(stage: Stage, folder: string, commands: Commands): Promise<void> {
  await checkSecrets(stage, folder, commands);
  await commands.run([...PNPM, '--filter', 'api', 'build'], folder);
  await commands.run(['sst', 'deploy', '--stage', stage], folder);
}
