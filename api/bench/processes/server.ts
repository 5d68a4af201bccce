import { join } from 'node:path';
import { freePort } from './free-port.ts';
import { call } from './http-call.ts';
import { OwnedProcess } from './owned-process.ts';
import type { Workshop } from './workshop.ts';

export interface ServerOptions {
  /** The bundle it runs; the API's own unless told otherwise. */
  program?: string;
  args?: readonly string[];
  dataDir?: string;
  environment?: Readonly<Record<string, string>>;
  nodeArgs?: readonly string[];
}

const START_LIMIT_MS = 30_000;

/** A server under measurement in a process of its own: the built API, or a floor that answers in its place. */
export class Server implements AsyncDisposable {
  readonly url: string;
  readonly key: string;
  readonly startedAt: number;
  readonly #process: OwnedProcess;

  private constructor(process: OwnedProcess, url: string, key: string, startedAt: number) {
    this.#process = process;
    this.url = url;
    this.key = key;
    this.startedAt = startedAt;
  }

  get pid(): number {
    return this.#process.pid;
  }

  /** Started, but perhaps not listening yet. */
  static async launch(workshop: Workshop, options: ServerOptions): Promise<Server> {
    const port = await freePort();
    const program = options.program ?? workshop.server;
    const startedAt = performance.now();
    const process = new OwnedProcess(
      [...(options.nodeArgs ?? []), program, ...(options.args ?? [])],
      {
        NODE_ENV: 'production',
        HOST: '127.0.0.1',
        PORT: String(port),
        API_KEYS: workshop.key,
        // The limits are not what is measured, and the jobs must not run in the middle of a round.
        RATE_LIMIT_PER_MINUTE: '1000000000',
        RATE_LIMIT_HEARTBEATS_PER_MINUTE: '1000000000',
        STALL_THRESHOLD_MS: String(24 * 3_600_000),
        DETECT_FAILURES_CRON: '0 0 1 1 *',
        CLEANUP_CRON: '0 0 1 1 *',
        DATA_DIR: options.dataDir ?? workshop.directory('data'),
        ...options.environment,
      },
      join(workshop.root, `server-${port}.log`),
    );
    return new Server(process, `http://127.0.0.1:${port}`, workshop.key, startedAt);
  }

  static async start(workshop: Workshop, options: ServerOptions = {}): Promise<Server> {
    const server = await Server.launch(workshop, options);
    try {
      await server.untilAnswered('/health');
      return server;
    } catch (error) {
      await server[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** Asks until it answers with success; the milliseconds since the process was started. */
  async untilAnswered(path: string): Promise<number> {
    while (performance.now() - this.startedAt < START_LIMIT_MS) {
      this.#process.mustBeRunning();
      const status = await this.get(path).then(
        (answer) => answer.status,
        () => 0,
      );
      if (status === 200) return performance.now() - this.startedAt;
      await new Promise((wake) => setTimeout(wake, 1));
    }
    throw new Error(`${path} was not answered within ${START_LIMIT_MS / 1000} s`);
  }

  get(path: string) {
    return call('GET', `${this.url}${path}`, { 'x-api-key': this.key });
  }

  post(path: string) {
    return call('POST', `${this.url}${path}`, { 'x-api-key': this.key });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#process[Symbol.asyncDispose]();
  }
}
