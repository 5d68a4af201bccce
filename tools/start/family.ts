import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';

const GRACE_MS = 5_000;

/** The programs that were started here: they end together, at Ctrl+C, at a signal, or when one that matters ends. */
export class Family {
  readonly #children = new Set<ChildProcess>();
  readonly #farewells: (() => void)[] = [];
  #ending: Promise<void> | undefined;

  constructor() {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void this.end());
  }

  start(command: string, args: readonly string[], options: Parameters<typeof spawn>[2]): ChildProcess {
    const child = spawn(command, args, options);
    this.#children.add(child);
    child.once('exit', () => this.#children.delete(child));
    child.once('error', () => this.#children.delete(child));
    return child;
  }

  /** Says what became of a child, unless everything is ending anyway. */
  onEnd(child: ChildProcess, tell: () => void): void {
    child.once('exit', () => {
      if (this.#ending === undefined) tell();
    });
  }

  /** Does `farewell` at the end, for what cannot be a child of ours. */
  atEnd(farewell: () => void): void {
    this.#farewells.push(farewell);
  }

  /** With the exit code of the first that matters, if there is one. */
  async end(code?: number): Promise<void> {
    if (code !== undefined) process.exitCode = code;
    this.#ending ??= this.#endAll();
    await this.#ending;
    process.exit();
  }

  async #endAll(): Promise<void> {
    for (const farewell of this.#farewells) farewell();
    await Promise.all([...this.#children].map(endOne));
  }
}

async function endOne(child: ChildProcess): Promise<void> {
  const exited = once(child, 'exit');
  child.kill('SIGTERM');
  const impatience = setTimeout(() => child.kill('SIGKILL'), GRACE_MS);
  await exited;
  clearTimeout(impatience);
}
