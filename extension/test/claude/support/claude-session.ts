import { isAlive, until } from '../../local-server/support/until.ts';
import type { ClaudeCode } from './claude-code.ts';
import { claudeEnvironment } from './claude-code.ts';
import { registered } from './processes.ts';
import { PseudoTerminal } from './pseudo-terminal.ts';

const KEY_MS = 2000;
export const KEYS = { enter: '\r', escape: '\u001b', up: '\u001b[A', down: '\u001b[B', 'ctrl+c': '\u0003' } as const;
export type Key = keyof typeof KEYS;

export interface SessionOptions {
  readonly claude: ClaudeCode;
  readonly home: string;
  readonly folder: string;
  readonly modelUrl: string;
  readonly prompt?: string;
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** A real Claude Code in a terminal, at which the test sits. */
export class ClaudeSession implements AsyncDisposable {
  readonly #terminal: PseudoTerminal;
  readonly #home: string;

  constructor({ claude, home, folder, modelUrl, prompt, args = [], env = {} }: SessionOptions) {
    this.#home = home;
    this.#terminal = new PseudoTerminal({
      file: claude.file,
      // Before the options: some of those take any number of values.
      args: [...(prompt === undefined ? [] : [prompt]), ...args],
      cwd: folder,
      env: { ...terminalEnvironment(), ...claudeEnvironment(claude, home, modelUrl), ...env },
    });
  }

  get pid(): number {
    return this.#terminal.pid;
  }

  get screen(): string {
    return this.#terminal.text;
  }

  press(...keys: readonly Key[]): void {
    for (const key of keys) this.#terminal.write(KEYS[key]);
  }

  type(text: string): void {
    this.#terminal.write(text);
  }

  /** As people do who see nothing happen: a dialog that has just opened passes over keys for a moment. */
  async typeUntil(done: () => boolean, keys: string): Promise<void> {
    let typedAt = Number.NEGATIVE_INFINITY;
    await until(`Claude Code takes ${JSON.stringify(keys)}`, () => {
      if (done()) return true;
      if (performance.now() - typedAt > KEY_MS) {
        this.type(keys);
        typedAt = performance.now();
      }
      return undefined;
    });
  }

  /** Types a prompt and sends it. */
  async ask(prompt: string): Promise<void> {
    this.type(prompt);
    // Enter in the same breath would be taken for a line break of what is pasted.
    await this.untilShown(prompt);
    this.press('enter');
  }

  shows(text: string | RegExp): boolean {
    return typeof text === 'string' ? this.screen.includes(text) : text.test(this.screen);
  }

  async untilShown(text: string | RegExp): Promise<void> {
    try {
      await until(`the screen shows ${String(text)}`, () => this.shows(text) || undefined);
    } catch (error) {
      throw new Error(`It shows\n${this.screen}`, { cause: error });
    }
  }

  /** What it is called, in its own register. */
  async conversation(): Promise<string> {
    return until('it is registered', () => registered(this.#home, this.pid)?.sessionId);
  }

  signal(name: NodeJS.Signals): void {
    process.kill(this.pid, name);
  }

  /** As when the window of its terminal is closed. */
  close(): void {
    this.#terminal.close();
  }

  async untilExited(): Promise<void> {
    await this.#terminal.untilExited;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (isAlive(this.pid)) this.signal('SIGKILL');
    await this.untilExited();
    this.#terminal.dispose();
  }
}

/** The machine's, without what a Claude Code or an editor around the tests leaves in it. */
function terminalEnvironment(): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(([name]) => !/^(CLAUDE|ANTHROPIC|VSCODE|NODE_OPTIONS)/.test(name));
  return Object.fromEntries(own);
}
