import { commandLine, workspace } from './command-line.ts';
import { commands } from './commands.ts';
import { readRollbackOptions, rollBack } from './rollback.ts';

await commandLine(async () => {
  const options = readRollbackOptions(process.argv.slice(2));
  const commit = await rollBack(options, workspace, commands);
  return `${options.stage} runs ${commit} again. See that it works: VERIFY_API_KEY=<key> pnpm verify:deployment <url>`;
});
