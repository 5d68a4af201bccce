import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { Session, SessionHealthReport, StalledSessionList } from '@claude-projects/shared/contract';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { createApp } from '../../src/app.ts';
import { randomId } from '../../src/common/ids.ts';
import { readConfiguration } from '../../src/config/configuration.ts';
import { JobsService } from '../../src/jobs/jobs.service.ts';
import { openStallPatience } from '../../src/local-server/open-stall-patience.ts';
import type { StallPatience } from '../../src/local-server/stall-patience.ts';
import { Log } from '../../src/logging/log.ts';
import { PrometheusMetrics } from '../../src/metrics/prometheus-metrics.ts';
import { openSqliteStorage } from '../../src/storage/sqlite/index.ts';
import { temporaryDirectory } from '../storage/sqlite/support/directories.ts';
import { FakeClock, HOUR, MINUTE, SECOND } from '../support/fake-clock.ts';
import { LogCapture } from '../support/log-capture.ts';
import { secretWatch } from '../support/secret-watch.ts';
import { ManualEvery } from './support/manual-every.ts';

const THRESHOLD_MS = 3 * MINUTE;

/** The local server's API on a clock of the test: it can end, start again, and sleep with its machine. */
class Laptop {
  readonly clock = new FakeClock();
  readonly #every = new ManualEvery(this.clock);
  readonly #folder = temporaryDirectory();
  readonly #key = randomUUID();
  #app: NestFastifyApplication | undefined;
  #patience: StallPatience | undefined;

  async start(): Promise<void> {
    secretWatch.addKeys([this.#key]);
    const configuration = {
      ...readConfiguration({ API_KEYS: this.#key, DETECT_FAILURES_CRON: '* * * * *' }),
      scheduleJobs: false,
    };
    const storage = openSqliteStorage({ dataDir: this.#folder });
    this.#patience = await openStallPatience(storage, {
      thresholdMs: THRESHOLD_MS,
      clock: this.clock,
      every: this.#every.every,
    });
    this.#app = await createApp({
      configuration,
      silenceLimit: this.#patience,
      clock: this.clock,
      log: new Log(configuration, new LogCapture()),
      makeId: randomId,
      storage,
      metrics: new PrometheusMetrics(),
    });
    await this.sweep();
  }

  async stop(): Promise<void> {
    this.#patience?.stop();
    await this.#app?.close();
    this.#app = undefined;
  }

  sleep(milliseconds: number): void {
    this.#every.sleep(milliseconds);
  }

  /** Awake, with the job that looks for stalled sessions each minute. */
  async awake(milliseconds: number): Promise<void> {
    for (let passed = 0; passed < milliseconds; passed += 10 * SECOND) {
      this.#every.advance(10 * SECOND);
      if (passed % MINUTE === 0) await this.sweep();
    }
  }

  async sweep(): Promise<void> {
    await this.#app?.get(JobsService).run('detect-failures');
  }

  async newSession(): Promise<string> {
    const payload = { project_id: randomUUID(), machine_id: 'laptop' };
    const { session_id } = await this.#call('POST', '/api/sessions', payload);
    return session_id;
  }

  async beat(sessionId: string): Promise<void> {
    await this.#call('POST', `/api/sessions/${sessionId}/heartbeat`, {});
  }

  read(sessionId: string): Promise<Session> {
    return this.#call('GET', `/api/sessions/${sessionId}`);
  }

  /** The stall threshold in each reply that names it. */
  async reportedThresholds(sessionId: string): Promise<number[]> {
    const replies = [
      await this.#call<StalledSessionList>('GET', '/api/sessions/stalled'),
      await this.#call<SessionHealthReport>('GET', `/api/sessions/${sessionId}/health`),
    ];
    return replies.map(({ stall_threshold_ms }) => stall_threshold_ms);
  }

  async #call<Reply = Session>(method: 'GET' | 'POST', url: string, payload?: object): Promise<Reply> {
    if (!this.#app) throw new Error('it does not run');
    const reply = await this.#app.inject({
      method,
      url,
      headers: { 'x-api-key': this.#key },
      ...(payload && { payload }),
    });
    assert.ok(reply.statusCode < 300, reply.body);
    return reply.json<Reply>();
  }
}

describe('sessions of a laptop', function () {
  this.timeout(30_000);

  let laptop: Laptop;

  beforeEach(async () => {
    laptop = new Laptop();
    await laptop.start();
  });
  afterEach(() => laptop.stop());

  it('are not stalled after a night in which it slept, if they beat again within a minute', async () => {
    const session = await laptop.newSession();
    laptop.sleep(8 * HOUR);
    // What runs first when it wakes may be the sweep.
    await laptop.sweep();
    assert.equal((await laptop.read(session)).health, 'late');
    await laptop.awake(MINUTE);
    assert.equal((await laptop.read(session)).status, 'active');
    await laptop.beat(session);
    await laptop.awake(80 * SECOND);
    assert.equal((await laptop.read(session)).health, 'healthy');
  });

  it('are not stalled after a night in which no server ran, if they beat again within a minute', async () => {
    const session = await laptop.newSession();
    await laptop.stop();
    laptop.sleep(8 * HOUR);
    await laptop.start();
    await laptop.awake(MINUTE);
    assert.equal((await laptop.read(session)).status, 'active');
    await laptop.beat(session);
    await laptop.awake(80 * SECOND);
    assert.equal((await laptop.read(session)).health, 'healthy');
  });

  it('are stalled when they stay silent after it', async () => {
    const slept = await laptop.newSession();
    laptop.sleep(8 * HOUR);
    await laptop.awake(3 * MINUTE);
    assert.equal((await laptop.read(slept)).status, 'stalled');
    const ended = await laptop.newSession();
    await laptop.stop();
    laptop.sleep(8 * HOUR);
    await laptop.start();
    await laptop.awake(3 * MINUTE);
    assert.equal((await laptop.read(ended)).status, 'stalled');
  });

  it('are not stalled by a silence that was a little too short before it', async () => {
    const session = await laptop.newSession();
    await laptop.awake(THRESHOLD_MS - 20 * SECOND);
    laptop.sleep(8 * HOUR);
    await laptop.sweep();
    assert.equal((await laptop.read(session)).health, 'late');
  });

  it('that were stalled before it still are', async () => {
    const session = await laptop.newSession();
    await laptop.awake(10 * MINUTE);
    assert.equal((await laptop.read(session)).status, 'stalled');
    laptop.sleep(8 * HOUR);
    assert.equal((await laptop.read(session)).health, 'stalled');
  });

  it('are not stalled by a machine that wakes for a moment again and again', async () => {
    const session = await laptop.newSession();
    for (let nap = 0; nap < 8; nap += 1) {
      laptop.sleep(HOUR);
      await laptop.awake(30 * SECOND);
    }
    assert.equal((await laptop.read(session)).status, 'active');
    await laptop.awake(3 * MINUTE);
    assert.equal((await laptop.read(session)).status, 'stalled');
  });

  it('are listed with the configured threshold while the server allows a longer silence', async () => {
    const session = await laptop.newSession();
    laptop.sleep(8 * HOUR);
    assert.deepEqual(await laptop.reportedThresholds(session), [THRESHOLD_MS, THRESHOLD_MS]);
    await laptop.stop();
    laptop.sleep(8 * HOUR);
    await laptop.start();
    assert.deepEqual(await laptop.reportedThresholds(session), [THRESHOLD_MS, THRESHOLD_MS]);
    assert.equal((await laptop.read(session)).health, 'late');
  });

  it('are judged by the ordinary threshold otherwise', async () => {
    await laptop.awake(5 * MINUTE);
    const session = await laptop.newSession();
    await laptop.awake(THRESHOLD_MS);
    assert.equal((await laptop.read(session)).health, 'late');
    await laptop.awake(2 * MINUTE);
    assert.equal((await laptop.read(session)).status, 'stalled');
  });
});
