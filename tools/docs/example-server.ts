import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const ONCE_A_YEAR = '0 0 1 1 *';

/** No job between two examples, which would change what they show. */
const QUIET = { DETECT_FAILURES_CRON: ONCE_A_YEAR, CLEANUP_CRON: ONCE_A_YEAR };

/** An API of its own for one document: new, empty, and gone afterwards. */
export class ExampleServer {
  readonly url: string;
  readonly key: string;
  readonly #child: ChildProcess;
  readonly #dataDir: string;

  private constructor(url: string, key: string, child: ChildProcess, dataDir: string) {
    this.url = url;
    this.key = key;
    this.#child = child;
    this.#dataDir = dataDir;
  }

  static async start(workspace: string): Promise<ExampleServer> {
    const key = randomUUID();
    const dataDir = mkdtempSync(join(tmpdir(), 'claude-projects-docs-'));
    const child = spawn(process.execPath, ['--import', './tools/typescript-loader.ts', 'api/src/server.ts'], {
      cwd: workspace,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { PATH: process.env['PATH'], API_KEYS: key, DATA_DIR: dataDir, PORT: '0', ...QUIET },
    });
    return new ExampleServer(await addressOf(child), key, child, dataDir);
  }

  /** What the command prints, and whether it did well. Both streams: what went wrong is what one wants to read. */
  async run(command: string): Promise<{ ok: boolean; output: string; complaint: string }> {
    const shell = spawn('bash', ['-euo', 'pipefail', '-c', command], {
      cwd: this.#dataDir,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { PATH: process.env['PATH'], URL: this.url, KEY: this.key },
    });
    const output = textOf(shell, 'stdout');
    const complaint = textOf(shell, 'stderr');
    await once(shell, 'close');
    return { ok: shell.exitCode === 0, output: await output, complaint: await complaint };
  }

  async stop(): Promise<void> {
    const closed = once(this.#child, 'close');
    this.#child.kill('SIGTERM');
    await closed;
    rmSync(this.#dataDir, { recursive: true });
  }
}

async function addressOf(child: ChildProcess): Promise<string> {
  let printed = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      printed += text;
    });
  }
  while (child.exitCode === null) {
    const address = /"url":"(http:[^"]+)"/.exec(printed)?.[1];
    if (address !== undefined) return address;
    await Promise.race([once(child.stdout ?? child, 'data'), once(child, 'close')]);
  }
  throw new Error(`The server for the examples ended:\n${printed}`);
}

async function textOf(child: ChildProcess, name: 'stdout' | 'stderr'): Promise<string> {
  let text = '';
  for await (const chunk of child[name]?.setEncoding('utf8') ?? []) text += String(chunk);
  return text;
}
