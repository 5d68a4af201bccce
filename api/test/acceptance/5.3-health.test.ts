import assert from 'node:assert/strict';
import { type DetailedHealth, LIMITS, type SessionHealthSummary } from '@claude-projects/shared/contract';
import { JobsService } from '../../src/jobs/jobs.service.ts';
import type { Storage } from '../../src/storage/storage.ts';
import { StorageUnavailableError } from '../../src/storage/storage-errors.ts';
import { RawClient } from '../http/support/raw-client.ts';
import { HOUR, MINUTE } from '../support/fake-clock.ts';
import { p95Of } from '../support/latency.ts';
import { overriding } from '../support/overriding.ts';
import { refused } from '../support/refused.ts';
import { Scenario } from '../support/scenario.ts';
import { startTestApi, type TestApi } from '../support/test-api.ts';

async function detailsOf(api: TestApi): Promise<DetailedHealth> {
  const { status, body } = await api.call<DetailedHealth>('GET', '/health/detailed');
  assert.equal(status, 200);
  return body;
}

async function metricsOf(api: TestApi): Promise<{ contentType: string | null; text: string }> {
  const reply = await fetch(`${api.url}/metrics`, { headers: { 'X-API-Key': api.key } });
  assert.equal(reply.status, 200);
  return { contentType: reply.headers.get('Content-Type'), text: await reply.text() };
}

/** The value of a metric as the page spells it, or undefined where the page does not have it. */
function valueOf(text: string, metric: string): number | undefined {
  const line = text.split('\n').find((candidate) => candidate.startsWith(`${metric} `));
  return line === undefined ? undefined : Number(line.slice(metric.length + 1));
}

const runJob = (api: TestApi, name: 'detect-failures' | 'cleanup') => api.app.get(JobsService).run(name);

describe('5.3 health', () => {
  let api: TestApi;
  beforeEach(async () => {
    api = await startTestApi();
  });
  afterEach(() => api.close());

  it('AC-5.3.a /health says ok and for how many seconds the process has been up, without a key', async () => {
    const { status, body } = await api.call('GET', '/health', undefined, { withoutKey: true });
    assert.equal(status, 200);
    assert.equal(body['status'], 'ok');
    assert.equal(body['timestamp'], api.clock.now().toISOString());
    assert.ok(Number(body['uptime']) > 0 && Math.abs(Number(body['uptime']) - process.uptime()) < 5);
  });

  it('AC-5.3.b /health/detailed says how the database and the jobs are', async () => {
    await runJob(api, 'detect-failures');
    const now = api.clock.now().toISOString();
    const { uptime, version, dependencies, ...rest } = await detailsOf(api);
    assert.ok(uptime > 0);
    assert.match(version, /^\d+\.\d+\.\d+$/);
    assert.deepEqual(rest, { status: 'ok', timestamp: now, environment: 'test' });
    const { response_time_ms, ...database } = dependencies.database;
    assert.ok(response_time_ms !== null && response_time_ms >= 0 && response_time_ms < 5000);
    assert.deepEqual(database, { status: 'ok', engine: api.storage.engine, connected: true });
    const { jobs, ...all } = dependencies.background_jobs;
    assert.deepEqual(all, { status: 'ok', last_run: now });
    const detectFailures = jobs.find(({ name }) => name === 'detect-failures');
    assert.deepEqual(detectFailures, { name: 'detect-failures', status: 'ok', last_run: now });
    const cleanup = jobs.find(({ name }) => name === 'cleanup');
    assert.deepEqual(cleanup, { name: 'cleanup', status: 'ok', last_run: null });
  });

  it('AC-5.3.e of a hundred /health requests at once 95 are answered within 200 ms', async () => {
    const health = () => api.call('GET', '/health', undefined, { withoutKey: true });
    await p95Of(Array.from({ length: 100 }, () => health));
    const p95 = await p95Of(Array.from({ length: 100 }, () => health));
    assert.ok(p95 < 200, `p95 was ${p95.toFixed(0)} ms`);
  });

  it('AC-5.3.f a job that has not run for over 10 minutes makes it degraded, its next run ok again', async () => {
    await runJob(api, 'detect-failures');
    api.clock.advance(10 * MINUTE);
    assert.equal((await detailsOf(api)).status, 'ok');
    api.clock.advance(6 * MINUTE);
    const { status, dependencies } = await detailsOf(api);
    assert.deepEqual([status, dependencies.background_jobs.status], ['degraded', 'degraded']);
    assert.equal(dependencies.database.status, 'ok');
    await runJob(api, 'detect-failures');
    assert.equal((await detailsOf(api)).status, 'ok');
  });

  it('AC-5.3.f a server that starts with its jobs has their first turns to run them', async () => {
    await runJob(api, 'detect-failures');
    api.clock.advance(12 * HOUR);
    const parts = { sharedStorage: api.storage, clock: api.clock };
    // Its turns come by the real time, which this test does not wait for.
    const server = await startTestApi({ scheduleJobs: true, detectFailuresCron: '0 0 1 1 *' }, parts);
    const woken = await startTestApi({ scheduleJobs: false }, parts);
    try {
      assert.equal((await detailsOf(server)).status, 'ok');
      // Where something else wakes the jobs, the start of this process excuses nothing.
      assert.equal((await detailsOf(woken)).status, 'degraded');
    } finally {
      await woken.close();
      await server.close();
    }
  });

  it('AC-5.3.f a job that never ran becomes overdue, counted from when it was first expected, on any instance', async () => {
    const jobsOf = async (one: TestApi) => {
      const { jobs } = (await detailsOf(one)).dependencies.background_jobs;
      return jobs.map(({ name, status, last_run }) => `${name}: ${status}, ${last_run ?? 'never ran'}`);
    };
    const [never, late] = ['ok, never ran', 'degraded, never ran'];
    assert.deepEqual(await jobsOf(api), [`detect-failures: ${never}`, `cleanup: ${never}`, `consistency: ${never}`]);
    api.clock.advance(16 * MINUTE);
    // A function's instances come and go: the count does not begin again with each.
    const parts = { sharedStorage: api.storage, clock: api.clock };
    const woken = await startTestApi({ scheduleJobs: false }, parts);
    try {
      assert.deepEqual(await jobsOf(woken), [`detect-failures: ${late}`, `cleanup: ${never}`, `consistency: ${never}`]);
      assert.equal((await detailsOf(woken)).status, 'degraded');
      await runJob(woken, 'detect-failures');
      assert.equal((await detailsOf(woken)).status, 'ok');
      api.clock.advance(60 * HOUR);
      await runJob(woken, 'detect-failures');
      const ran = `detect-failures: ok, ${api.clock.now().toISOString()}`;
      assert.deepEqual(await jobsOf(api), [ran, `cleanup: ${late}`, `consistency: ${late}`]);
    } finally {
      await woken.close();
    }
  });

  it('/metrics says of each job when it last ran, or that it never did, and whether it is healthy', async () => {
    const jobsIn = async () => {
      const { text } = await metricsOf(api);
      const of = (metric: string) =>
        ['detect-failures', 'cleanup', 'consistency'].map((job) => valueOf(text, `${metric}{job="${job}"}`));
      return { ranAt: of('job_last_run_timestamp_seconds'), healthy: of('job_healthy') };
    };
    await runJob(api, 'detect-failures');
    const ranAt = api.clock.now().getTime() / 1000;
    assert.deepEqual(await jobsIn(), { ranAt: [ranAt, 0, 0], healthy: [1, 1, 1] });
    api.clock.advance(60 * HOUR);
    assert.deepEqual(await jobsIn(), { ranAt: [ranAt, 0, 0], healthy: [0, 0, 0] });
  });

  for (const path of ['/health/detailed', '/metrics']) {
    it(`${path} asks for a key`, async () => {
      await refused(api, 'API_KEY_REQUIRED', 'GET', path, undefined, { withoutKey: true });
    });
  }

  it('AC-5.3.d /metrics counts the active sessions, and agrees with the health summary', async () => {
    const scenario = new Scenario(api);
    const [first] = await Promise.all(Array.from({ length: 5 }, () => scenario.session()));
    assert.ok(first);
    for (const status of ['paused', 'completed', 'failed', 'stalled'] as const) await scenario.sessionIn(status);
    const { contentType, text } = await metricsOf(api);
    assert.match(contentType ?? '', /^text\/plain; version=0\.0\.4/);
    assert.equal(valueOf(text, 'active_sessions_count'), 5);
    assert.equal(valueOf(text, 'stalled_sessions_count'), 1);
    assert.equal(valueOf(text, 'database_up'), 1);
    api.clock.advance(5 * MINUTE);
    await scenario.heartbeat(first);
    const { body: summary } = await api.call<SessionHealthSummary>('GET', '/api/sessions/health');
    const { text: later } = await metricsOf(api);
    // The one that was marked, and those that are silent: four active and a paused one.
    assert.deepEqual([summary.active_sessions, summary.stalled_sessions], [1, 6]);
    assert.equal(valueOf(later, 'active_sessions_count'), 1);
    assert.equal(valueOf(later, 'stalled_sessions_count'), 6);
  });

  it('counts requests by route, never by address, and times heartbeats and the database', async () => {
    const scenario = new Scenario(api);
    const one = await scenario.session();
    const other = await scenario.session();
    for (const session of [one, other, other]) await scenario.heartbeat(session);
    for (const path of ['/nothing', '/wp-admin.php', '/api/nothing/more'])
      await refused(api, 'ROUTE_NOT_FOUND', 'GET', path);
    await refused(api, 'SESSION_NOT_FOUND', 'GET', '/api/sessions/x');
    const { text } = await metricsOf(api);
    const requests = (endpoint: string, method: string, status: number) =>
      valueOf(text, `api_requests_total{endpoint="${endpoint}",method="${method}",status="${status}"}`);
    assert.equal(requests('/api/sessions', 'POST', 201), 2);
    assert.equal(requests('/api/sessions/:sessionId/heartbeat', 'POST', 200), 3);
    assert.equal(requests('/api/sessions/:sessionId', 'GET', 404), 1);
    assert.equal(requests('(no route)', 'GET', 404), 3);
    assert.doesNotMatch(text, new RegExp(`wp-admin|${one.session_id}`));
    assert.equal(valueOf(text, 'heartbeat_latency_ms_count'), 3);
    assert.ok((valueOf(text, 'heartbeat_latency_ms_sum') ?? 0) > 0);
    assert.equal(valueOf(text, 'database_query_duration_ms_count{operation="sessions.heartbeat"}'), 3);
    assert.ok((valueOf(text, 'database_query_duration_ms_count{operation="transaction"}') ?? 0) >= 2);
  });

  it('counts what is refused before any route has a say', async () => {
    const headers = { 'X-API-Key': api.key, 'Content-Type': 'application/json' };
    const client = new RawClient(api.url);
    const send = async (path: string, more: { headers?: Record<string, string>; body?: string } = {}) => {
      const method = more.body === undefined ? 'GET' : 'POST';
      return (await client.send({ method, path, headers, ...more })).status;
    };
    assert.equal(await send('/api/sessions/%zz'), 400);
    assert.equal(await send(`/api/sessions/${'a'.repeat(10_000)}`), 414);
    assert.equal(await send('/api/sessions', { body: '{' }), 400);
    const large = await client.announce({ method: 'POST', path: '/api/sessions', headers }, LIMITS.bodyBytes + 1);
    assert.equal(large.status, 413);
    const asText = { ...headers, 'Content-Type': 'text/plain' };
    assert.equal(await send('/api/sessions', { body: 'text', headers: asText }), 415);
    assert.equal(await send('/api/nothing'), 404);
    assert.match(await client.sendBytes('garbage\r\n\r\n'), /^HTTP\/1\.1 400 /);
    client.close();
    const { text } = await metricsOf(api);
    const requests = text.split('\n').filter((line) => line.startsWith('api_requests_total{'));
    assert.deepEqual(requests.toSorted(), [
      'api_requests_total{endpoint="(no route)",method="(none)",status="400"} 1',
      'api_requests_total{endpoint="(no route)",method="GET",status="400"} 1',
      'api_requests_total{endpoint="(no route)",method="GET",status="404"} 1',
      'api_requests_total{endpoint="(no route)",method="GET",status="414"} 1',
      'api_requests_total{endpoint="/api/sessions",method="POST",status="400"} 1',
      'api_requests_total{endpoint="/api/sessions",method="POST",status="413"} 1',
      'api_requests_total{endpoint="/api/sessions",method="POST",status="415"} 1',
    ]);
  });

  it('shows what Node says of the process, once however many applications run in it', async () => {
    const other = await startTestApi();
    try {
      for (const one of [api, other]) {
        const { text } = await metricsOf(one);
        assert.equal(text.split('\n').filter((line) => line.startsWith('process_resident_memory_bytes ')).length, 1);
        assert.match(text, /^nodejs_eventloop_lag_p99_seconds /m);
      }
      // The counters are of each application.
      const { text } = await metricsOf(other);
      assert.equal(valueOf(text, 'api_requests_total{endpoint="/metrics",method="GET",status="200"}'), 1);
    } finally {
      await other.close();
    }
  });
});

describe('5.3 health while the database is gone', () => {
  let api: TestApi;
  let gone: boolean;
  beforeEach(async () => {
    gone = false;
    api = await startTestApi({}, { decorate: (storage) => stoppable(storage, () => gone) });
  });
  afterEach(async () => {
    gone = false;
    await api.close();
  });

  it('AC-5.3.c /health/detailed says error, with 200, and ok once it is back', async () => {
    await runJob(api, 'detect-failures');
    gone = true;
    const { status, dependencies } = await detailsOf(api);
    assert.equal(status, 'error');
    assert.deepEqual(dependencies.database, {
      status: 'error',
      engine: api.storage.engine,
      connected: false,
      response_time_ms: null,
    });
    assert.equal(dependencies.background_jobs.status, 'error');
    const [warning] = api.log.withMessage('Health check failed');
    assert.deepEqual([warning?.level, warning?.context['database']], ['WARN', 'error']);
    await refused(api, 'DATABASE_UNAVAILABLE', 'GET', '/health/ready');
    assert.equal((await api.call('GET', '/health')).status, 200);
    gone = false;
    assert.equal((await detailsOf(api)).status, 'ok');
  });

  it('/metrics still answers: without the counts, and saying why', async () => {
    await new Scenario(api).session();
    gone = true;
    const { text } = await metricsOf(api);
    assert.equal(valueOf(text, 'database_up'), 0);
    assert.doesNotMatch(text, /active_sessions_count|stalled_sessions_count|job_healthy|job_last_run/);
    assert.equal(valueOf(text, 'api_requests_total{endpoint="/api/sessions",method="POST",status="201"}'), 1);
    gone = false;
    assert.equal(valueOf((await metricsOf(api)).text, 'active_sessions_count'), 1);
  });
});

describe('5.3 health of a job that fails', () => {
  it('is an error until it succeeds', async () => {
    let broken = true;
    const breaking = (storage: Storage) =>
      overriding(storage, {
        sessions: overriding(storage.sessions, {
          listExpired: (...args) =>
            broken ? Promise.reject(new Error('the cleanup broke')) : storage.sessions.listExpired(...args),
        }),
      });
    const api = await startTestApi({}, { decorate: breaking });
    try {
      await assert.rejects(runJob(api, 'cleanup'), /the cleanup broke/);
      const { status, dependencies } = await detailsOf(api);
      assert.deepEqual(
        [status, dependencies.background_jobs.status, dependencies.database.status],
        ['error', 'error', 'ok'],
      );
      broken = false;
      await runJob(api, 'cleanup');
      assert.equal((await detailsOf(api)).status, 'ok');
    } finally {
      await api.close();
    }
  });
});

describe('5.3 health of a database that is slow', () => {
  it('is degraded', async () => {
    const api = await startTestApi(
      {},
      {
        decorate: (storage) =>
          overriding(storage, {
            ping: async () => {
              await storage.ping();
              api.clock.advance(1500);
            },
          }),
      },
    );
    try {
      const { status, dependencies } = await detailsOf(api);
      assert.deepEqual([status, dependencies.database.status], ['degraded', 'degraded']);
      assert.deepEqual([dependencies.database.connected, dependencies.database.response_time_ms], [true, 1500]);
    } finally {
      await api.close();
    }
  });
});

/** The storage, of which every call fails while the database is said to be gone. */
function stoppable(storage: Storage, isGone: () => boolean): Storage {
  const guarded = <T extends object>(store: T): T =>
    new Proxy(store, {
      get(target, property): unknown {
        const value: unknown = Reflect.get(target, property, target);
        if (typeof value !== 'function') return value;
        return (...args: unknown[]): unknown =>
          isGone() ? Promise.reject(new StorageUnavailableError('gone')) : Reflect.apply(value, target, args);
      },
    });
  const { sessions, tasks, machines, leases } = storage;
  return overriding(guarded(storage), {
    sessions: guarded(sessions),
    tasks: guarded(tasks),
    machines: guarded(machines),
    leases: guarded(leases),
  });
}
