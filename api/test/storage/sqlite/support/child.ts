import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

export interface Child {
  process: ChildProcess;
  /** What it wrote so far, complete lines only. */
  lines(): string[];
  exited: Promise<{ code: number | null; errors: string }>;
}

/** Runs a program of this directory in a process of its own, which takes TypeScript the way this one does. */
export function startChild(program: string, args: string[]): Child {
  const path = fileURLToPath(new URL(program, import.meta.url));
  const child = spawn(process.execPath, [...process.execArgv, path, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  let errors = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    output += chunk;
  });
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    errors += chunk;
  });
  const exited = once(child, 'close').then(() => ({ code: child.exitCode, errors }));
  return { process: child, exited, lines: () => output.split('\n').slice(0, -1) };
}
