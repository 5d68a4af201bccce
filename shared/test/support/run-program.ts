import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** Runs a Node program to its end, which must be a good one, and returns what it printed. */
export async function runProgram(directory: string, args: string[], env: Record<string, string>): Promise<string> {
  const environment = { PATH: process.env['PATH'] ?? '', ...env };
  const { stdout } = await promisify(execFile)(process.execPath, args, {
    cwd: directory,
    env: environment,
    timeout: 10_000,
  });
  return stdout;
}
