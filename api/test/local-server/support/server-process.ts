import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { ServerFile } from '../../../src/local-server/server-file.ts';
import { secretWatch } from '../../support/secret-watch.ts';

const PROGRAM = join(import.meta.dirname, '../../../src/local-server.ts');

/** The local server, from its sources, in a process of its own. */
export class ServerProcess {
  readonly #folder: string;
  readonly #child: ChildProcess;
  #errors = '';

  constructor(folder: string, env: Readonly<Record<string, string>> = {}) {
    this.#folder = folder;
    this.#child = spawn(process.execPath, [...process.execArgv, PROGRAM], {
      env: { ...process.env, CLAUDE_PROJECTS_LOCAL_FOLDER: folder, ...env },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#errors += text;
    });
  }

  get errors(): string {
    return this.#errors;
  }

  /** The file of a server that was killed is there until this one has the lock, and takes it away. */
  async untilPublished(after?: ServerFile): Promise<ServerFile> {
    for (;;) {
      const published = this.#published();
      if (published && published.instance !== after?.instance) return published;
      if (this.#child.exitCode !== null) throw new Error(`It ended with ${this.#child.exitCode}: ${this.#errors}`);
      await pause(20);
    }
  }

  #published(): ServerFile | undefined {
    let text: string;
    try {
      text = readFileSync(join(this.#folder, 'server.json'), 'utf8');
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
      throw error;
    }
    const published = ServerFile.parse(JSON.parse(text));
    secretWatch.addKeys([published.key]);
    return published;
  }

  signal(name: NodeJS.Signals): void {
    this.#child.kill(name);
  }

  async untilExit(): Promise<number | null> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) await once(this.#child, 'close');
    return this.#child.exitCode;
  }

  /** Reads what it logged for secrets, too. */
  async dispose(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.untilExit();
    const log = join(this.#folder, 'server.log');
    const logged = statSync(log, { throwIfNoEntry: false })?.isFile() ? readFileSync(log, 'utf8') : '';
    for (const line of `${logged}\n${this.#errors}`.split('\n')) secretWatch.read(line);
  }
}
