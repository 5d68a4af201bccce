import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { atExit } from './at-exit.ts';

export interface ProcessOptions {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
}

/** A program with all it prints and all it starts: it ends with everything below it. */
export class OwnedProcess {
  readonly #child: ChildProcess;
  readonly #exited: Promise<unknown>;
  readonly #silent: Promise<unknown>;
  readonly #release: () => void;
  #output = '';
  #closed = false;

  constructor(command: string, args: readonly string[], options: ProcessOptions) {
    // A group of its own: one signal reaches its children, and Ctrl+C in the terminal leaves the order of ending to us.
    const detached = process.platform !== 'win32';
    this.#child = spawn(command, args, { ...options, detached, stdio: ['ignore', 'pipe', 'pipe'] });
    this.#exited = once(this.#child, 'exit').catch((error: unknown) => {
      this.#output += String(error);
    });
    this.#silent = this.#untilSilent();
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        this.#output += text;
        this.#child.emit('printed');
      });
    }
    this.#release = atExit(() => this.#signalAll('SIGKILL'));
  }

  get output(): string {
    return this.#output;
  }

  get running(): boolean {
    return this.#child.pid !== undefined && this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** What the pattern's first group catches in the output from `offset` on, as soon as it is printed. */
  async untilPrinted(pattern: RegExp, offset = 0): Promise<string> {
    for (;;) {
      const match = pattern.exec(this.#output.slice(offset));
      if (match) return match[1] ?? match[0];
      if (this.#closed) throw new Error(`It ended and never printed ${String(pattern)}:\n${this.#output}`);
      await Promise.race([new Promise((wake) => this.#child.once('printed', wake)), this.#silent]);
    }
  }

  async untilEnded(): Promise<void> {
    await this.#exited;
  }

  /** Asks it to end; what is still there after `graceMs` is killed. */
  async end(graceMs = 5_000): Promise<void> {
    if (this.running) this.#child.kill('SIGTERM');
    const impatience = setTimeout(() => this.#signalAll('SIGKILL'), graceMs);
    await this.#exited;
    clearTimeout(impatience);
    this.#settle();
  }

  /** As a crash would. */
  async kill(): Promise<void> {
    this.#signalAll('SIGKILL');
    await this.#exited;
    this.#settle();
  }

  /** Until it has ended and all that it printed was read. */
  async #untilSilent(): Promise<void> {
    try {
      await once(this.#child, 'close');
    } catch {
      // It could not be started; the output says why.
    }
    this.#closed = true;
  }

  #settle(): void {
    this.#signalAll('SIGKILL');
    // What it started for longer than itself may hold on to these.
    this.#child.stdout?.destroy();
    this.#child.stderr?.destroy();
    this.#release();
  }

  #signalAll(signal: NodeJS.Signals): void {
    const { pid } = this.#child;
    if (pid === undefined) return;
    try {
      if (process.platform === 'win32') this.#child.kill(signal);
      else process.kill(-pid, signal);
    } catch {
      // Nobody is left in the group.
    }
  }
}
