// `pnpm verify:deployment <url>`: the end-to-end validation of a deployed API, for people and, with --json, for programs.
import { readCommandLine, USAGE, UsageError } from './verify-deployment/command-line.ts';
import { interruptible } from './verify-deployment/interruption.ts';
import { describeCheck, describeReport } from './verify-deployment/print.ts';
import { verifyDeployment } from './verify-deployment/verify-deployment.ts';

/** Progress and what goes wrong; the report alone is on the standard output. */
const tell = (line: string) => void process.stderr.write(`${line}\n`);
const say = (line: string) => void process.stdout.write(`${line}\n`);

try {
  process.exitCode = await verify();
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  tell(`${error.message}\n\n${USAGE}`);
  process.exitCode = 2;
}

async function verify(): Promise<0 | 1> {
  const line = readCommandLine(process.argv.slice(2), process.env);
  if (line === 'help') {
    say(USAGE);
    return 0;
  }
  using interruption = interruptible(
    process,
    () => tell('Interrupted: removing what was stored. Once more to leave it there.'),
    () => process.exit(1),
  );
  const { options, json } = line;
  if (!json) say(`Verifying ${options.url}\n`);
  const report = await verifyDeployment({
    ...options,
    signal: interruption.signal,
    onCheck: (result) => (json ? undefined : say(describeCheck(result))),
    onProgress: (text) => tell(`… ${text}`),
  });
  say(json ? JSON.stringify(report, undefined, 2) : describeReport(report));
  return report.passed ? 0 : 1;
}
