// `pnpm verify:deployment <url>`: the end-to-end validation of a deployed API, for people and, with --json, for programs.
import { runProgram } from './verify-deployment/program.ts';

// Whoever read the output may be gone: that is no reason to leave behind what was stored.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);

process.exitCode = await runProgram({
  args: process.argv.slice(2),
  env: process.env,
  signals: process,
  say: (line) => void process.stdout.write(`${line}\n`),
  tell: (line) => void process.stderr.write(`${line}\n`),
  abandon: () => process.exit(1),
});
