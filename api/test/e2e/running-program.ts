import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { secretWatch } from '../support/secret-watch.ts';

/** A program under test, with all it prints; ended when disposed of, whatever became of the test. */
export class RunningProgram {
  readonly #child: ChildProcess;
  #output = '';

  constructor(command: string, args: readonly string[], options: { cwd: string; env: NodeJS.ProcessEnv }) {
    secretWatch.addKeys((options.env['API_KEYS'] ?? '').split(','));
    this.#child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        this.#output += text;
      });
    }
  }

  get output(): string {
    return this.#output;
  }

  /** What the pattern's first group caught, as soon as the output shows it. */
  async untilPrinted(pattern: RegExp): Promise<string> {
    for (;;) {
      const match = pattern.exec(this.#output);
      if (match) return match[1] ?? match[0];
      if (this.#child.exitCode !== null) {
        throw new Error(`It ended with ${this.#child.exitCode} and never printed ${String(pattern)}:\n${this.#output}`);
      }
      await Promise.race([once(this.#child.stdout ?? this.#child, 'data'), once(this.#child, 'close')]);
    }
  }

  signal(name: NodeJS.Signals): void {
    this.#child.kill(name);
  }

  async untilExit(): Promise<number | null> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) await once(this.#child, 'close');
    return this.#child.exitCode;
  }

  async dispose(): Promise<void> {
    // Not SIGKILL: a program that started another must be able to end that one too.
    this.#child.kill('SIGTERM');
    await this.untilExit();
    for (const line of this.#output.split('\n')) secretWatch.read(line);
  }
}
