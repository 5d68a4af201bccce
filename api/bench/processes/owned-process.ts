import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const LOADER = pathToFileURL(resolve(import.meta.dirname, '../../../tools/typescript-loader.ts')).href;
const alive = new Set<ChildProcess>();

// Ctrl+C, and a failure anywhere, must not leave servers behind.
process.on('exit', () => {
  for (const child of alive) child.kill('SIGKILL');
});
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(1));

/** The arguments with which Node runs one of the benchmark's own programs. */
export function scriptCommand(script: string): string[] {
  return ['--import', LOADER, join(script)];
}

/** A Node process that ends with its owner. What it prints goes to `logFile`, as a service's log would, or is kept. */
export class OwnedProcess implements AsyncDisposable {
  readonly #child: ChildProcess;
  readonly #logFile: string | undefined;
  #output = '';

  constructor(args: readonly string[], environment: Readonly<Record<string, string>>, logFile?: string) {
    const log = logFile === undefined ? undefined : openSync(logFile, 'a');
    this.#logFile = logFile;
    this.#child = spawn(process.execPath, [...args], {
      env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...environment },
      stdio: ['ignore', log ?? 'pipe', log ?? 'inherit'],
    });
    if (log !== undefined) closeSync(log);
    alive.add(this.#child);
    this.#child.once('close', () => alive.delete(this.#child));
    this.#child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      this.#output += text;
    });
  }

  get pid(): number {
    if (this.#child.pid === undefined) throw new Error('the process could not be started');
    return this.#child.pid;
  }

  mustBeRunning(): void {
    if (this.#hasEnded)
      throw new Error(`A program of the benchmark ended with ${this.#child.exitCode}: ${this.#tail()}`);
  }

  /** What it printed, once it has ended well. */
  async untilDone(): Promise<string> {
    if (!this.#hasEnded) await once(this.#child, 'close');
    if (this.#child.exitCode !== 0) throw new Error(`A program of the benchmark failed: ${this.#tail()}`);
    return this.#output;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#hasEnded) return;
    const closed = once(this.#child, 'close');
    this.#child.kill('SIGTERM');
    const impatience = setTimeout(() => this.#child.kill('SIGKILL'), 10_000);
    await closed;
    clearTimeout(impatience);
  }

  get #hasEnded(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null;
  }

  #tail(): string {
    const text = this.#logFile === undefined ? this.#output : readFileSync(this.#logFile, 'utf8');
    return text.slice(-2000);
  }
}
