import type { EventEmitter } from 'node:events';
import { readCommandLine, USAGE, UsageError } from './command-line.ts';
import { interruptible } from './interruption.ts';
import type { VerifyOptions } from './options.ts';
import { describeCheck, describeReport } from './print.ts';
import { verifyDeployment } from './verify-deployment.ts';

export interface ProgramParts {
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Where signals come from. */
  readonly signals: EventEmitter;
  /** Takes the report, and nothing else. */
  readonly say: (line: string) => void;
  /** Takes progress and what goes wrong. */
  readonly tell: (line: string) => void;
  /** Ends the program at once, for who will not wait. */
  readonly abandon: () => void;
  readonly time?: VerifyOptions['time'];
}

/** Resolves with the exit code: 0 if nothing failed, 1 if something did, 2 if it was called wrongly. */
export async function runProgram(parts: ProgramParts): Promise<0 | 1 | 2> {
  try {
    return await verify(parts);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    parts.tell(`${error.message}\n\n${USAGE}`);
    return 2;
  }
}

async function verify({ args, env, signals, say, tell, abandon, time }: ProgramParts): Promise<0 | 1> {
  const line = readCommandLine(args, env);
  if (line === 'help') {
    say(USAGE);
    return 0;
  }
  const announce = () => tell('Interrupted: removing what was stored. Once more to leave it there.');
  const interruption = interruptible(signals, announce, abandon);
  const { options, json } = line;
  if (!json) say(`Verifying ${options.url}\n`);
  try {
    const report = await verifyDeployment({
      ...options,
      time,
      signal: interruption.signal,
      onCheck: (result) => (json ? undefined : say(describeCheck(result))),
      onProgress: (text) => tell(`… ${text}`),
    });
    say(json ? JSON.stringify(report, undefined, 2) : describeReport(report));
    return report.passed ? 0 : 1;
  } finally {
    interruption.dispose();
  }
}
