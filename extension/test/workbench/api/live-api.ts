// The real API, built, on the embedded database: for tests in which it goes away and comes back.
import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { OwnedProcess } from '../processes/owned-process.ts';
import { createRunFolder, type RunFolder } from '../processes/run-folder.ts';

const workspace = resolve(import.meta.dirname, '../../../..');
const bundle = join(workspace, 'api/dist/server.mjs');
/** What it is built from. */
const SOURCES = ['api/src', 'api/build', 'shared/src'];

const READY = /"url":"http:\/\/[^"]*:(\d+)"/;

/** Variables of the API's environment, such as STALL_THRESHOLD_MS. */
export type ApiSettings = Readonly<Record<string, string>>;

export class LiveApi implements AsyncDisposable {
  readonly key = randomUUID();
  readonly #folder: RunFolder = createRunFolder();
  readonly #settings: ApiSettings;
  #server: OwnedProcess | undefined;
  #port = '0';

  private constructor(settings: ApiSettings) {
    this.#settings = settings;
  }

  static async start(settings: ApiSettings = {}): Promise<LiveApi> {
    buildIfStale();
    const api = new LiveApi(settings);
    try {
      await api.start();
      return api;
    } catch (error) {
      await api[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** The same after every start. */
  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  get output(): string {
    return this.#server?.output ?? '';
  }

  /** Starts it with the data it had. */
  async start(): Promise<void> {
    if (this.#server) return;
    this.#server = this.#run(this.#port);
    try {
      this.#port = await this.#server.untilPrinted(READY);
    } catch (error) {
      await this.kill();
      throw error;
    }
  }

  /**
   * What `work` reports happened so long ago: it is told to a server whose clock is put back, over the same data, at an
   * address that nobody else knows. Ours is stopped meanwhile.
   */
  async earlier(agoMs: number, work: (url: string) => Promise<void>): Promise<void> {
    await this.stop();
    const server = this.#run('0', ['--import', clockPutBack(agoMs)]);
    try {
      const port = await server.untilPrinted(READY);
      await work(`http://127.0.0.1:${port}`);
    } finally {
      await server.end();
    }
    await this.start();
  }

  /** With its clock put back, at its own address: what goes on now will have begun so long ago. */
  async putBack(agoMs: number): Promise<void> {
    await this.stop();
    this.#server = this.#run(this.#port, ['--import', clockPutBack(agoMs)]);
    await this.#server.untilPrinted(READY);
  }

  /** As an orderly shutdown does: what arrived is answered. */
  async stop(): Promise<void> {
    await this.#take()?.end();
  }

  /** As a crash does. */
  async kill(): Promise<void> {
    await this.#take()?.kill();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill();
    this.#folder[Symbol.dispose]();
  }

  #run(port: string, options: readonly string[] = []): OwnedProcess {
    return new OwnedProcess(process.execPath, [...options, bundle], {
      cwd: this.#folder.path,
      env: {
        PATH: process.env['PATH'],
        NODE_ENV: 'production',
        HOST: '127.0.0.1',
        PORT: port,
        API_KEYS: this.key,
        DATA_DIR: this.#folder.path,
        // Tests come from one key and one machine, faster than people do.
        RATE_LIMIT_PER_MINUTE: '100000',
        RATE_LIMIT_HEARTBEATS_PER_MINUTE: '100000',
        ...this.#settings,
      },
    });
  }

  #take(): OwnedProcess | undefined {
    const server = this.#server;
    this.#server = undefined;
    return server;
  }
}

/** A module for Node to load first. */
function clockPutBack(ms: number): string {
  const code = `
    const Present = Date;
    globalThis.Date = class extends Present {
      constructor(...given) { if (given.length > 0) super(...given); else super(Present.now() - ${ms}); }
      static now() { return Present.now() - ${ms}; }
    };`;
  return `data:text/javascript,${encodeURIComponent(code)}`;
}

/** What is tested is what the sources say now. */
function buildIfStale(): void {
  if (existsSync(bundle) && statSync(bundle).mtimeMs >= Math.max(...SOURCES.map(newestIn))) return;
  const { status, stderr, error } = spawnSync('rolldown', ['-c', 'build/rolldown.config.ts'], {
    cwd: join(workspace, 'api'),
    encoding: 'utf8',
    shell: process.platform === 'win32',
  });
  if (status !== 0) throw new Error(`The API could not be built:\n${error?.message ?? stderr}`);
}

function newestIn(folder: string): number {
  const entries = readdirSync(join(workspace, folder), { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  return Math.max(...files.map((file) => statSync(join(file.parentPath, file.name)).mtimeMs));
}
