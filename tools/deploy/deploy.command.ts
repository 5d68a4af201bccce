import { commandLine, workspace } from './command-line.ts';
import { commands } from './commands.ts';
import { deploy } from './deploy.ts';
import { asStage } from './stages.ts';

await commandLine(async () => {
  const stage = asStage(process.argv[2]);
  await deploy(stage, workspace, commands);
  return `${stage} is deployed. See that it works: VERIFY_API_KEY=<key> pnpm verify:deployment <url>`;
});
