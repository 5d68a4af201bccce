import { checkSecrets } from './check-secrets.ts';
import { commandLine, workspace } from './command-line.ts';
import { commands } from './commands.ts';
import { asStage } from './stages.ts';

await commandLine(async () => {
  const stage = asStage(process.argv[2] ?? 'production');
  await checkSecrets(stage, workspace, commands);
  return `The secrets of ${stage} are complete.`;
});
