// A terminal without a window: its keys are sent and its screen is read by the test. Both parts come with the editor.
import { createRequire } from 'node:module';
import { join } from 'node:path';
import * as z from 'zod/mini';
import { installedPackages } from '../../workbench/install/package-cache.ts';

interface Stoppable {
  dispose(): void;
}

interface PtyProcess {
  readonly pid: number;
  onData(listener: (text: string) => void): Stoppable;
  onExit(listener: () => void): Stoppable;
  write(text: string): void;
  /** Closes the terminal, as when its window is closed: what runs in it gets SIGHUP. */
  destroy(): void;
}

interface Pty {
  spawn(file: string, args: readonly string[], options: object): PtyProcess;
}

interface Screen {
  readonly rows: number;
  readonly buffer: {
    readonly active: {
      readonly baseY: number;
      getLine(y: number): { translateToString(trimRight: boolean): string } | undefined;
    };
  };
  onData(listener: (answer: string) => void): Stoppable;
  write(text: string): void;
  dispose(): void;
}

interface Headless {
  readonly Terminal: new (options: object) => Screen;
}

export interface Command {
  readonly file: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
}

const SIZE = { cols: 120, rows: 50 };

export class PseudoTerminal {
  readonly untilExited: Promise<void>;
  readonly #process: PtyProcess;
  readonly #screen: Screen;

  constructor({ file, args, cwd, env }: Command) {
    const { pty, headless } = fromTheEditor();
    this.#screen = new headless.Terminal({ ...SIZE, allowProposedApi: true });
    this.#process = pty.spawn(file, args, { ...SIZE, name: 'xterm-256color', cwd, env });
    this.#process.onData((text) => this.#screen.write(text));
    // What a program asks its terminal, as for the cursor's place.
    this.#screen.onData((answer) => this.#process.write(answer));
    this.untilExited = new Promise((exited) => this.#process.onExit(exited));
  }

  get pid(): number {
    return this.#process.pid;
  }

  write(keys: string): void {
    this.#process.write(keys);
  }

  /** The lines that are seen. */
  get text(): string {
    const { active } = this.#screen.buffer;
    const lines = Array.from({ length: this.#screen.rows }, (_, row) => active.getLine(active.baseY + row));
    return lines.map((line) => line?.translateToString(true) ?? '').join('\n');
  }

  close(): void {
    this.#process.destroy();
  }

  dispose(): void {
    this.#screen.dispose();
  }
}

function fromTheEditor(): { readonly pty: Pty; readonly headless: Headless } {
  const require = createRequire(join(installedPackages('vscode-server'), 'package.json'));
  return {
    pty: z.custom<Pty>((found) => has(found, 'spawn')).parse(require('node-pty')),
    headless: z.custom<Headless>((found) => has(found, 'Terminal')).parse(require('@xterm/headless')),
  };
}

function has(found: unknown, name: string): boolean {
  return typeof found === 'object' && found !== null && name in found;
}
