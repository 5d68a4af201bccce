import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { secretWatch } from '../../support/secret-watch.ts';
import { RuntimeApi } from './runtime-api.ts';

const PRELOAD = join(import.meta.dirname, 'preload.ts');
const RUNTIME_CLIENT = createRequire(import.meta.url).resolve('aws-lambda-ric');

export interface FunctionOptions {
  /** What was unpacked from the zip: the function's bundle and nothing else. */
  readonly folder: string;
  readonly handler?: string;
  readonly variables?: Readonly<Record<string, string>>;
  /** `preload.ts` in another form, for whoever measures how long a start takes. */
  readonly preload?: string;
  /** After which the platform ends an invocation, and the instance with it. */
  readonly timeoutMs?: number;
}

/** One instance of a function: AWS's runtime client around the bundle, in a process of its own. */
export class FunctionInstance implements AsyncDisposable {
  readonly #runtimeApi: RuntimeApi;
  readonly #child: ChildProcess;
  readonly #timeoutMs: number;
  #output = '';
  #hasClosed = false;

  private constructor(
    runtimeApi: RuntimeApi,
    { folder, handler = 'index.handler', variables, preload = PRELOAD, timeoutMs }: FunctionOptions,
  ) {
    this.#runtimeApi = runtimeApi;
    this.#timeoutMs = timeoutMs ?? 30_000;
    this.#child = spawn(process.execPath, ['--import', pathToFileURL(preload).href, RUNTIME_CLIENT], {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        ...platformVariables(folder),
        _HANDLER: handler,
        ...variables,
        AWS_LAMBDA_RUNTIME_API: runtimeApi.address,
      },
    });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        this.#output += text;
      });
    }
    this.#child.once('close', (code, signal) => {
      this.#hasClosed = true;
      runtimeApi.failAll(
        runtimeApi.initError ?? new Error(`the instance ended with ${signal ?? code}:\n${this.#output.slice(-2000)}`),
      );
    });
  }

  static async start(options: FunctionOptions): Promise<FunctionInstance> {
    return new FunctionInstance(await RuntimeApi.start(), options);
  }

  get pid(): number {
    if (this.#child.pid === undefined) throw new Error('the instance could not be started');
    return this.#child.pid;
  }

  /** All that it printed, which is what CloudWatch would have. */
  get output(): string {
    return this.#output;
  }

  get lines(): string[] {
    return this.#output.split('\n').filter((line) => line !== '');
  }

  /** The lines by which AWS's client reports a failure of the function: they are not the function's, and no JSON. */
  get reports(): string[] {
    return this.lines.filter((line) => /^\S+\t\S+\tERROR\t(Init|Invoke) Error/.test(line));
  }

  /** The first whole line that is so, as soon as it is read: that may be later than the reply it belongs to. */
  async untilPrinted(pattern: RegExp): Promise<string> {
    for (;;) {
      const whole = this.#output.slice(0, this.#output.lastIndexOf('\n') + 1).split('\n');
      const found = whole.find((line) => pattern.test(line));
      if (found !== undefined) return found;
      if (this.#hasClosed) throw new Error(`it never printed ${String(pattern)}:\n${this.#output}`);
      await Promise.race(
        [this.#child.stdout, this.#child.stderr, this.#child].map(async (source) => {
          if (source) await once(source, source === this.#child ? 'close' : 'data');
        }),
      );
    }
  }

  /** Rejects with a LambdaError where the function failed, and in time where it hangs: that ends the instance. */
  async invoke(event: unknown): Promise<unknown> {
    if (this.#hasEnded) throw this.#runtimeApi.initError ?? new Error('the instance has ended');
    const limit = setTimeout(() => {
      this.#runtimeApi.failAll(new Error(`Task timed out after ${this.#timeoutMs} ms`));
      this.#child.kill('SIGKILL');
    }, this.#timeoutMs);
    try {
      return await this.#runtimeApi.invoke(event, this.#timeoutMs);
    } finally {
      clearTimeout(limit);
    }
  }

  /** As the platform does between two invocations: the process stops, and time goes on without it. */
  freeze(): void {
    this.#child.kill('SIGSTOP');
  }

  thaw(): void {
    this.#child.kill('SIGCONT');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#hasEnded) {
      const closed = once(this.#child, 'close');
      this.#child.kill('SIGKILL');
      await closed;
    }
    await this.#runtimeApi[Symbol.asyncDispose]();
    for (const line of this.lines) secretWatch.read(line);
  }

  get #hasEnded(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null;
  }
}

/** What the platform tells a function of itself, and nothing of the machine that this runs on. */
function platformVariables(folder: string): Record<string, string> {
  return {
    PATH: '/usr/bin:/bin',
    TZ: ':UTC',
    LANG: 'en_US.UTF-8',
    AWS_REGION: 'us-east-1',
    AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
    AWS_LAMBDA_FUNCTION_NAME: 'emulated',
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '512',
    AWS_LAMBDA_LOG_GROUP_NAME: '/aws/lambda/emulated',
    AWS_LAMBDA_LOG_STREAM_NAME: 'emulated',
    AWS_LAMBDA_LOG_FORMAT: 'Text',
    LAMBDA_TASK_ROOT: folder,
  };
}
