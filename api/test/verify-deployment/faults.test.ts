import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { Session } from '@claude-projects/shared/contract';
import { MINUTE } from '../support/fake-clock.ts';
import { startTestApi, type TestApi } from '../support/test-api.ts';
import type { Fault, ProxiedRequest } from './support/faulty-proxy.ts';
import {
  assertNothingLeft,
  assertOnlyFailed,
  checkOf,
  faultless,
  RUN_LIMIT_MS,
  sharedTime,
  verifyThrough,
} from './support/verified-run.ts';

const isHeartbeat = ({ method, path }: ProxiedRequest) =>
  method === 'POST' && /^\/api\/sessions\/[^/]+\/heartbeat$/.test(path);
const isRead = ({ method, path }: ProxiedRequest) => method === 'GET' && /^\/api\/sessions\/[-0-9a-f]{36}$/.test(path);
const isRecovery = ({ path }: ProxiedRequest) => path.endsWith('/recover');
const json = (status: number, body: unknown) => ({
  status,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
});

describe('verifying a server that', function () {
  this.timeout(RUN_LIMIT_MS);
  let api: TestApi;
  beforeEach(async () => {
    api = await startTestApi();
  });
  afterEach(() => api.close());

  const run = (fault: Fault, more: Parameters<typeof verifyThrough>[2] = {}) => verifyThrough(api, fault, more);
  const detailOf = (report: Parameters<typeof checkOf>[0], id: string) => checkOf(report, id).detail ?? '';

  it('is faultless behind a proxy passes', async () => {
    assertOnlyFailed(await run(faultless), []);
    await assertNothingLeft(api);
  });

  it('lost its check of keys', async () => {
    const report = await run((request, forward) =>
      forward({ ...request, headers: { ...request.headers, authorization: `Bearer ${api.key}` } }),
    );
    assertOnlyFailed(report, ['no-key', 'wrong-key']);
    assert.match(detailOf(report, 'no-key'), /^POST \/api\/sessions is answered with status 400, not 401; GET \/api/);
    await assertNothingLeft(api);
  });

  it('forgot the check on one route', async () => {
    const report = await run((request, forward) => {
      if (request.path !== '/api/stats') return forward(request);
      return forward({ ...request, headers: { ...request.headers, authorization: `Bearer ${api.key}` } });
    });
    assertOnlyFailed(report, ['no-key']);
    assert.equal(
      detailOf(report, 'no-key'),
      'GET /api/stats is answered with status 200, not 401; HEAD /api/stats is answered with status 200, not 401',
    );
  });

  it('acknowledges heartbeats and keeps none', async () => {
    const report = await run((request, forward) =>
      isHeartbeat(request)
        ? forward({ ...request, method: 'GET', path: request.path.replace(/\/heartbeat$/, ''), body: '' })
        : forward(request),
    );
    assertOnlyFailed(report, ['lifecycle', 'recovery', 'load', 'pulse', 'endurance']);
    assert.equal(detailOf(report, 'lifecycle'), 'its heartbeat was acknowledged and not kept');
    await assertNothingLeft(api);
  });

  it('forgets every 50th heartbeat', async () => {
    let beats = 0;
    const forgetful: Fault = async (request, forward) => {
      if (!isHeartbeat(request) || ++beats % 50 !== 0) return forward(request);
      const read = { ...request, method: 'GET', path: request.path.replace(/\/heartbeat$/, ''), body: '' };
      const session = Session.parse(JSON.parse((await forward(read)).body));
      // What a kept heartbeat would be answered with.
      return json(200, { ...session, last_heartbeat: api.clock.now().toISOString() });
    };
    const report = await run(forgetful, { heartbeats: 200 });
    assertOnlyFailed(report, ['load', 'endurance']);
    assert.equal(detailOf(report, 'load'), '1 of 10 heartbeats were acknowledged and not kept');
    await assertNothingLeft(api);
  });

  for (const [how, aheadMs] of [
    ['10 min 0 s ahead of', 10 * MINUTE],
    ['2 min 0 s behind', -2 * MINUTE],
  ] as const) {
    it(`has a clock that is ${how} the others'`, async () => {
      const time = { ...sharedTime(api), today: () => new Date(api.clock.now().getTime() - aheadMs) };
      const report = await run(faultless, { time });
      assertOnlyFailed(report, ['clock']);
      assert.equal(detailOf(report, 'clock'), `its clock is ${how} this machine's: which of the two is wrong?`);
    });
  }

  it('has one instance whose clock is wrong', async () => {
    const report = await run(async (request, forward) => {
      const reply = await forward(request);
      if (!isHeartbeat(request) || reply.status !== 200) return reply;
      const session = Session.parse(JSON.parse(reply.body));
      const wrong = new Date(Date.parse(session.last_heartbeat) + 10 * MINUTE).toISOString();
      return json(200, { ...session, last_heartbeat: wrong });
    });
    assert.equal(checkOf(report, 'clock').outcome, 'failed');
  });

  const unguarded: readonly [string, (request: ProxiedRequest) => boolean, RegExp][] = [
    [
      'the unprefixed paths',
      ({ path }) => !path.startsWith('/api/'),
      /GET \/sessions is answered with status 200, not 401/,
    ],
    ['one unprefixed path', ({ path }) => path === '/stats', /^GET \/stats is answered with status 200, not 401$/],
    ['PUT', ({ method }) => method === 'PUT', /^PUT \/api\/sessions\/:sessionId is answered with status \d+, not 401/],
    ['HEAD', ({ method }) => method === 'HEAD', /HEAD \/api\/sessions is answered with status 200, not 401/],
  ];
  for (const [what, isUnguarded, expected] of unguarded) {
    it(`asks for no key under ${what}`, async () => {
      const report = await run((request, forward) => {
        const hasKey = 'authorization' in request.headers || 'x-api-key' in request.headers;
        if (hasKey || !isUnguarded(request)) return forward(request);
        return forward({ ...request, headers: { ...request.headers, 'x-api-key': api.key } });
      });
      assertOnlyFailed(report, ['no-key']);
      assert.match(detailOf(report, 'no-key'), expected);
    });
  }

  it('takes any key under the unprefixed paths', async () => {
    const report = await run((request, forward) => {
      if (request.path !== '/sessions' || !('x-api-key' in request.headers)) return forward(request);
      return forward({ ...request, headers: { ...request.headers, 'x-api-key': api.key } });
    });
    assertOnlyFailed(report, ['wrong-key']);
    assert.equal(detailOf(report, 'wrong-key'), 'GET /sessions with X-API-Key is answered with status 200, not 401');
  });

  it('answers another spelling of a path without a key', async () => {
    const report = await run((request, forward) =>
      request.path === '/api/sessions/'
        ? forward({ ...request, path: '/api/sessions', headers: { ...request.headers, 'x-api-key': api.key } })
        : forward(request),
    );
    assertOnlyFailed(report, ['no-key']);
    assert.equal(detailOf(report, 'no-key'), 'GET /api/sessions/ is answered with status 200');
  });

  it('lets both recoveries win', async () => {
    const report = await run(async (request, forward) => {
      const reply = await forward(request);
      if (!isRecovery(request) || reply.status !== 200) return reply;
      const { project_id } = Session.parse(JSON.parse(reply.body));
      const body = JSON.stringify({ project_id, machine_id: randomUUID() });
      return forward({ ...request, path: '/api/sessions', body });
    });
    assertOnlyFailed(report, ['recovery']);
    assert.equal(detailOf(report, 'recovery'), 'two recoveries at once made 2 sessions');
    await assertNothingLeft(api);
  });

  it('answers heartbeats slowly', async () => {
    const report = await run((request, forward) => {
      if (isHeartbeat(request)) api.clock.advance(510);
      return forward(request);
    });
    // Ten at a time: what slows one down slows down those beside it.
    assertOnlyFailed(report, ['load', 'heartbeat-latency', 'endurance']);
    assert.match(detailOf(report, 'heartbeat-latency'), /p95 \d{3,} ms, .* must stay under 500 ms$/);
    const [heartbeat] = report.latencies;
    assert.ok(heartbeat && heartbeat.p95Ms >= 510 && heartbeat.p50Ms <= heartbeat.p95Ms);
  });

  it('fails inside', async () => {
    const report = await run(async (request, forward) =>
      request.path === '/api/tasks' && request.headers['authorization'] !== undefined
        ? json(500, { message: 'Internal Server Error' })
        : forward(request),
    );
    assertOnlyFailed(report, ['tasks', 'recovery', 'cleanup']);
    assert.match(detailOf(report, 'tasks'), /answered with status 500/);
    await assertNothingLeft(api);
  });

  it('fails inside now and then', async () => {
    let beats = 0;
    const report = await run(async (request, forward) =>
      isHeartbeat(request) && ++beats === 10 ? json(500, { message: 'Internal Server Error' }) : forward(request),
    );
    assertOnlyFailed(report, ['load']);
    assert.match(detailOf(report, 'load'), /^1 of 10 sessions met an error; the first: .* status 500$/);
  });

  it('fails inside after a while', async () => {
    let beats = 0;
    const report = await run(async (request, forward) =>
      isHeartbeat(request) && ++beats === 100 ? json(500, { message: 'Internal Server Error' }) : forward(request),
    );
    assertOnlyFailed(report, ['endurance']);
    assert.match(detailOf(report, 'endurance'), /status 500/);
    await assertNothingLeft(api);
  });

  it('leaves out a header', async () => {
    const report = await run(async (request, forward) => {
      const { headers, ...reply } = await forward(request);
      const { 'x-ratelimit-remaining': _, ...rest } = headers;
      return { ...reply, headers: rest };
    });
    assertOnlyFailed(report, ['reply-headers']);
    assert.equal(detailOf(report, 'reply-headers'), 'X-RateLimit-Remaining is missing');
  });

  it('shows the key in a reply', async () => {
    const report = await run(async (request, forward) => {
      const reply = await forward(request);
      if (request.path !== '/api/machines') return reply;
      return { ...reply, headers: { ...reply.headers, 'x-debug': request.headers['authorization'] ?? '' } };
    });
    assertOnlyFailed(report, ['key-secrecy']);
    assert.equal(detailOf(report, 'key-secrecy'), 'the key came back from POST /api/machines');
    assert.ok(!JSON.stringify(report).includes(api.key));
  });

  it('names the key in an error', async () => {
    const report = await run(async (request, forward) => {
      if (request.path !== '/api/machines' || request.headers['authorization'] === undefined) return forward(request);
      const refused = await forward({ ...request, body: '{}' });
      return { ...refused, body: refused.body.replace(/"message":"/, `"message":"${api.key} `) };
    });
    assertOnlyFailed(report, ['machines', 'key-secrecy']);
    assert.match(detailOf(report, 'machines'), /^\*\*\* /);
    assert.ok(!JSON.stringify(report).includes(api.key));
  });

  it('does not run its jobs', async () => {
    const report = await run(faultless, { time: sharedTime(api, { jobs: false }) });
    assertOnlyFailed(report, ['stall']);
    assert.match(
      detailOf(report, 'stall'),
      /^nobody has noticed after 5 min \d+ s: does the job detect-failures run\?$/,
    );
    await assertNothingLeft(api);
  });

  it('finds silent what is not', async () => {
    const report = await run(async (request, forward) => {
      const reply = await forward(request);
      if (!isRead(request) || reply.status !== 200) return reply;
      const session = Session.parse(JSON.parse(reply.body));
      return session.status === 'stalled' ? json(200, { ...session, stalled_at: session.last_heartbeat }) : reply;
    });
    assertOnlyFailed(report, ['stall']);
    assert.equal(detailOf(report, 'stall'), 'found after 0 ms, before the threshold had passed');
  });

  it('has a job that failed', async () => {
    const startedAt = api.clock.now();
    await api.storage.leases.recordRun({
      job: 'cleanup',
      started_at: startedAt,
      duration_ms: 1,
      affected: 0,
      succeeded: false,
    });
    const report = await run(faultless);
    assertOnlyFailed(report, ['health']);
    assert.match(detailOf(report, 'health'), /^jobs: cleanup "error", last run /);
  });

  it('cleans up too much', async () => {
    const report = await run((request, forward) => {
      // What ended a moment ago is older than nothing at all.
      api.clock.advance(1);
      return forward({ ...request, path: request.path.replace('older_than_days=3650', 'older_than_days=0') });
    });
    assertOnlyFailed(report, ['cleanup']);
    assert.equal(detailOf(report, 'cleanup'), 'it deleted a session that had just ended');
  });

  it('cleans up what was reported late', async () => {
    const deleted = new Set<string>();
    const report = await run(async (request, forward) => {
      const sessionId = /^\/api\/sessions\/([0-9a-f-]{36})$/.exec(request.path)?.[1];
      if (request.method === 'PATCH' && sessionId !== undefined && request.body.includes('2001-01-02')) {
        deleted.add(sessionId);
      }
      return request.method === 'GET' && sessionId !== undefined && deleted.has(sessionId)
        ? forward({ ...request, path: '/api/sessions/00000000-0000-4000-8000-000000000000' })
        : forward(request);
    });
    assertOnlyFailed(report, ['cleanup']);
    assert.equal(detailOf(report, 'cleanup'), 'it deleted a session whose end was reported late');
  });

  it('keeps what it was told to delete, and the report says where it is', async () => {
    const report = await run(async (request, forward) =>
      request.method === 'DELETE' && request.headers['authorization'] !== undefined
        ? { status: 204, headers: {}, body: '' }
        : forward(request),
    );
    assertOnlyFailed(report, ['repeat', 'removal']);
    assert.match(
      detailOf(report, 'removal'),
      new RegExp(`^look for project ${report.projectId}: \\d+ sessions are left`),
    );
  });
});
