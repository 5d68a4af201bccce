import assert from 'node:assert/strict';
import { DEFAULTS } from '@claude-projects/shared/contract';
import { verifyDeployment } from '../../../tools/verify-deployment/verify-deployment.ts';
import { startTestApi, type TestApi } from '../support/test-api.ts';
import {
  assertNothingLeft,
  assertOnlyFailed,
  checkOf,
  idsOf,
  RUN_LIMIT_MS,
  sharedTime,
} from './support/verified-run.ts';

describe('verifying a sound server', function () {
  this.timeout(RUN_LIMIT_MS);
  let api: TestApi;
  afterEach(() => api.close());

  it('finds all of it well, and leaves nothing behind', async () => {
    api = await startTestApi();
    const seen: string[] = [];
    const report = await verifyDeployment({
      url: `${api.url}/`,
      key: api.key,
      time: sharedTime(api),
      onCheck: ({ id }) => seen.push(id),
    });
    assertOnlyFailed(report, []);
    assert.deepEqual(
      seen,
      report.checks.map(({ id }) => id),
    );
    assert.deepEqual(
      report.latencies.map(({ of }) => of),
      ['heartbeat', 'session creation', 'health query'],
    );
    assert.ok((report.latencies[0]?.samples ?? 0) >= 200);
    assert.match(checkOf(report, 'stall').detail ?? '', /by itself$/);
    assert.match(checkOf(report, 'removal').detail ?? '', /none left$/);
    await assertNothingLeft(api);
  });

  it('keeps within the rate limit of one key, and tells when it waits for it', async () => {
    const { rateLimitPerMinute, rateLimitHeartbeatsPerMinute } = DEFAULTS;
    api = await startTestApi({ rateLimitPerMinute, rateLimitHeartbeatsPerMinute });
    const told: string[] = [];
    const onProgress = (text: string) => void told.push(text);
    const time = sharedTime(api);
    const quick = { stall: 'skip', pulse: 'skip' } as const;
    const report = await verifyDeployment({ url: api.url, key: api.key, time, onProgress, ...quick });
    assert.deepEqual(idsOf(report, 'failed'), []);
    assert.ok(told.some((text) => text.startsWith('The rate limit is reached: waiting ')));
    await assertNothingLeft(api);
  });

  it('asks the server to look for silent sessions if told so, and says what that leaves open', async () => {
    api = await startTestApi();
    const time = sharedTime(api, { jobs: false });
    const report = await verifyDeployment({ url: api.url, key: api.key, time, heartbeats: 10, stall: 'request' });
    assertOnlyFailed(report, []);
    assert.match(checkOf(report, 'stall').detail ?? '', /its schedule is NOT verified$/);
  });

  it('says what it was told to leave out', async () => {
    api = await startTestApi();
    const time = sharedTime(api);
    const left = { stall: 'skip', pulse: 'skip' } as const;
    const report = await verifyDeployment({ url: api.url, key: api.key, time, heartbeats: 10, ...left });
    assert.equal(report.passed, true);
    assert.deepEqual(idsOf(report, 'not-verified'), [
      'silence',
      'certificate',
      'hsts',
      'http-redirect',
      'cors',
      'pulse',
      'stall',
      'endurance',
    ]);
    assert.equal(checkOf(report, 'stall').detail, 'left out on request');
  });

  it('touches no session but its own', async () => {
    api = await startTestApi();
    const mine = { project_id: 'mine', machine_id: 'mine' };
    const { body } = await api.call<{ session_id: string }>('POST', '/api/sessions', mine);
    await api.call('PATCH', `/api/sessions/${body.session_id}`, { status: 'completed' });
    const before = await api.call('GET', `/api/sessions/${body.session_id}`);
    await verifyDeployment({ url: api.url, key: api.key, time: sharedTime(api), heartbeats: 10 });
    assert.deepEqual((await api.call('GET', `/api/sessions/${body.session_id}`)).body, before.body);
  });
});
