import { randomUUID } from 'node:crypto';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { createApp } from '../../src/app.ts';
import { randomId } from '../../src/common/ids.ts';
import { type Configuration, readConfiguration } from '../../src/config/configuration.ts';
import { Log } from '../../src/logging/log.ts';
import { PrometheusMetrics } from '../../src/metrics/prometheus-metrics.ts';
import type { Storage } from '../../src/storage/storage.ts';
import { FakeClock } from './fake-clock.ts';
import { LogCapture } from './log-capture.ts';
import { overriding } from './overriding.ts';
import { PLANTED_PASSWORD, secretWatch } from './secret-watch.ts';
import { openTestStorage, type TestStorage } from './test-storage.ts';

export interface TestReply<Body> {
  status: number;
  headers: Headers;
  body: Body;
}

export interface CallOptions {
  headers?: Record<string, string>;
  /** Sends no key unless `headers` hold one. */
  withoutKey?: true;
}

export interface TestApi {
  readonly app: NestFastifyApplication;
  readonly url: string;
  readonly key: string;
  readonly clock: FakeClock;
  readonly storage: Storage;
  readonly log: LogCapture;
  /**
   * Sends a request over a real socket. The type of the body is what the test expects, and asserts: the reply
   * as it came is what the tests are about, so nothing parses it on the way.
   */
  call<Body = Record<string, unknown>>(
    method: string,
    path: string,
    body?: unknown,
    options?: CallOptions,
  ): Promise<TestReply<Body>>;
  close(): Promise<void>;
}

export interface TestParts {
  clock?: FakeClock;
  /** Runs on the storage of another API, which remains the one that closes it: a second instance. */
  sharedStorage?: Storage;
  /** Puts something of the test's between the API and its storage. */
  decorate?: (storage: Storage) => Storage;
}

/** The whole API over real storage and a real socket; only time and the log are the test's. */
export async function startTestApi(
  overrides: Partial<Configuration> = {},
  { clock = new FakeClock(), sharedStorage, decorate = (storage) => storage }: TestParts = {},
): Promise<TestApi> {
  const key = randomUUID();
  const log = new LogCapture();
  const opened = sharedStorage ? borrowed(sharedStorage) : await openTestStorage();
  const storage = decorate(opened.storage);
  const configuration: Configuration = {
    ...readConfiguration({ API_KEYS: key, NODE_ENV: 'test', LOG_LEVEL: 'debug' }),
    scheduleJobs: false,
    // Tests that are not about limits send more in a minute of their frozen clock than anybody may.
    rateLimitPerMinute: 1_000_000_000,
    rateLimitHeartbeatsPerMinute: 1_000_000_000,
    // Nobody connects with it; it is here to be found in a line of the log, should one ever show it.
    mongodbUri: `mongodb://somebody:${PLANTED_PASSWORD}@database.invalid/state`,
    ...overrides,
  };
  secretWatch.addKeys(configuration.apiKeys);
  const app = await createApp({
    configuration,
    clock,
    storage,
    makeId: randomId,
    log: new Log(configuration, log),
    metrics: new PrometheusMetrics(),
  });
  await app.listen(0, '127.0.0.1');
  const url = await app.getUrl();
  return {
    app,
    url,
    key,
    clock,
    storage,
    log,
    call: (method, path, body, options = {}) => send(url, key, method, path, body, options),
    close: async () => {
      await app.close();
      await opened.dispose();
    },
  };
}

function borrowed(storage: Storage): TestStorage {
  return { storage: overriding(storage, { close: async () => undefined }), dispose: async () => undefined };
}

async function send<Body>(
  url: string,
  key: string,
  method: string,
  path: string,
  body: unknown,
  { headers = {}, withoutKey }: CallOptions,
): Promise<TestReply<Body>> {
  const reply = await fetch(url + path, {
    method,
    headers: {
      ...(withoutKey ? {} : { 'X-API-Key': key }),
      ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await reply.text();
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- see TestApi.call
  return { status: reply.status, headers: reply.headers, body: (text === '' ? null : JSON.parse(text)) as Body };
}
