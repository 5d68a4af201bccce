import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { SessionHealthReport, SessionHealthSummary, StalledSessionList } from '@claude-projects/shared/contract';
import { readConfiguration } from '../../src/config/configuration.ts';
import { HOUR, MINUTE, SECOND } from '../support/fake-clock.ts';
import { p95Of } from '../support/latency.ts';
import { refused } from '../support/refused.ts';
import { Scenario } from '../support/scenario.ts';
import { startTestApi, type TestApi } from '../support/test-api.ts';

async function stalledOf(api: TestApi, project_id: string): Promise<StalledSessionList> {
  const { status, body } = await api.call<StalledSessionList>('GET', `/api/sessions/stalled?project_id=${project_id}`);
  assert.equal(status, 200);
  return body;
}

describe('2.4 health queries', () => {
  let api: TestApi;
  let scenario: Scenario;
  before(async () => {
    api = await startTestApi();
    scenario = new Scenario(api);
  });
  after(() => api.close());

  async function reportOf(sessionId: string): Promise<SessionHealthReport> {
    const { status, body } = await api.call<SessionHealthReport>('GET', `/api/sessions/${sessionId}/health`);
    assert.equal(status, 200);
    return body;
  }

  it('AC-2.4.b an active session silent for five minutes is in the stalled list, swept or not', async () => {
    const session = await scenario.session({ docker_slot: 1 });
    api.clock.advance(5 * MINUTE);
    const expected = {
      session_id: session.session_id,
      project_id: session.project_id,
      machine_id: session.machine_id,
      docker_slot: 1,
      status: 'active',
      last_heartbeat: session.last_heartbeat,
      time_since_heartbeat_ms: 5 * MINUTE,
      stalled_at: null,
    };
    assert.deepEqual(await stalledOf(api, session.project_id), {
      stalled_sessions: [expected],
      stall_threshold_ms: 180_000,
      total: 1,
      limit: 50,
      offset: 0,
    });
    await api.call('POST', '/api/sessions/detect-failures');
    const stalled_at = api.clock.now().toISOString();
    assert.deepEqual((await stalledOf(api, session.project_id)).stalled_sessions, [
      { ...expected, status: 'stalled', stalled_at },
    ]);
  });

  it('AC-2.4.c a session that sent a heartbeat in time is not in the stalled list', async () => {
    const session = await scenario.session();
    api.clock.advance(2 * MINUTE);
    await scenario.heartbeat(session);
    api.clock.advance(3 * MINUTE);
    assert.equal((await stalledOf(api, session.project_id)).total, 0);
    api.clock.advance(1);
    assert.equal((await stalledOf(api, session.project_id)).total, 1);
  });

  it('AC-2.4.c sessions that are over are never in the stalled list', async () => {
    const project_id = randomUUID();
    for (const status of ['completed', 'failed'] as const) await scenario.sessionIn(status, { project_id });
    api.clock.advance(HOUR);
    assert.equal((await stalledOf(api, project_id)).total, 0);
  });

  it('a paused session is in the stalled list once it is silent, and stays paused', async () => {
    const paused = await scenario.sessionIn('paused');
    api.clock.advance(3 * MINUTE);
    assert.equal((await stalledOf(api, paused.project_id)).total, 0);
    api.clock.advance(1);
    const { stalled_sessions, total } = await stalledOf(api, paused.project_id);
    assert.equal(total, 1);
    assert.deepEqual(
      stalled_sessions.map(({ session_id, status, stalled_at }) => [session_id, status, stalled_at]),
      [[paused.session_id, 'paused', null]],
    );
  });

  it('the stalled list begins with the longest silence and goes page by page', async () => {
    const project_id = randomUUID();
    const oldest = await scenario.session({ project_id });
    api.clock.advance(SECOND);
    const newest = await scenario.sessionIn('stalled', { project_id });
    api.clock.advance(HOUR);
    const { stalled_sessions } = await stalledOf(api, project_id);
    const ids = stalled_sessions.map((session) => session.session_id);
    assert.deepEqual(ids, [oldest.session_id, newest.session_id]);
    const path = `/api/sessions/stalled?machine_id=${newest.machine_id}&limit=1&offset=0`;
    const { body } = await api.call<StalledSessionList>('GET', path);
    assert.deepEqual([body.stalled_sessions[0]?.session_id, body.total], [newest.session_id, 1]);
  });

  it('AC-2.4.d a session with a recent heartbeat is healthy', async () => {
    const session = await scenario.session();
    api.clock.advance(30 * SECOND);
    assert.deepEqual(await reportOf(session.session_id), {
      session_id: session.session_id,
      status: 'active',
      health: 'healthy',
      is_healthy: true,
      is_stalled: false,
      last_heartbeat: session.last_heartbeat,
      time_since_heartbeat_ms: 30_000,
      last_progress_at: session.last_progress_at,
      idle_ms: 30_000,
      stall_threshold_ms: 180_000,
    });
  });

  it('AC-2.4.d a session is not healthy past the threshold, nor in any state but active', async () => {
    const silent = await scenario.session();
    api.clock.advance(3 * MINUTE + 1);
    const report = await reportOf(silent.session_id);
    assert.deepEqual([report.is_healthy, report.is_stalled, report.status], [false, true, 'active']);
    for (const status of ['paused', 'stalled', 'completed', 'failed'] as const) {
      const { session_id } = await scenario.sessionIn(status);
      const other = await reportOf(session_id);
      assert.deepEqual([other.is_healthy, other.is_stalled], [false, status === 'stalled'], status);
    }
  });

  it('the health of a session that does not exist is 404', async () => {
    await refused(api, 'SESSION_NOT_FOUND', 'GET', `/api/sessions/${randomUUID()}/health`);
  });
});

describe('2.4 the stall threshold', () => {
  it('AC-2.4.e STALL_THRESHOLD_MS=60000 makes a session stalled after 90 seconds', async () => {
    const { stallThresholdMs } = readConfiguration({ NODE_ENV: 'development', STALL_THRESHOLD_MS: '60000' });
    const api = await startTestApi({ stallThresholdMs });
    try {
      const scenario = new Scenario(api);
      const session = await scenario.session();
      api.clock.advance(60 * SECOND);
      assert.equal((await stalledOf(api, session.project_id)).total, 0);
      api.clock.advance(30 * SECOND);
      const list = await stalledOf(api, session.project_id);
      assert.equal(list.stall_threshold_ms, 60_000);
      assert.equal(list.stalled_sessions[0]?.session_id, session.session_id);
      assert.equal((await scenario.readSession(session.session_id)).health, 'stalled');
      await api.call('POST', '/api/sessions/detect-failures');
      assert.equal((await scenario.readSession(session.session_id)).status, 'stalled');
    } finally {
      await api.close();
    }
  });
});

describe('2.4 the summary', () => {
  let api: TestApi;
  let scenario: Scenario;
  beforeEach(async () => {
    api = await startTestApi();
    scenario = new Scenario(api);
  });
  afterEach(() => api.close());

  async function summary(): Promise<SessionHealthSummary> {
    const { status, body } = await api.call<SessionHealthSummary>('GET', '/api/sessions/health');
    assert.equal(status, 200);
    return body;
  }

  it('AC-2.4.a counts sessions by state, and those past the threshold as stalled before they are swept', async () => {
    const overdue = await scenario.session();
    await scenario.sessionIn('paused');
    api.clock.advance(3 * MINUTE + 1);
    for (const status of ['active', 'active', 'paused', 'stalled', 'failed', 'completed'] as const) {
      await scenario.sessionIn(status);
    }
    const expected = {
      total_sessions: 8,
      active_sessions: 2,
      paused_sessions: 1,
      stalled_sessions: 3,
      failed_sessions: 1,
      completed_sessions: 1,
      last_updated: api.clock.now().toISOString(),
    };
    assert.deepEqual(await summary(), expected);
    await api.call('POST', '/api/sessions/detect-failures');
    assert.equal((await scenario.readSession(overdue.session_id)).status, 'stalled');
    assert.deepEqual(await summary(), expected);
  });

  it('AC-2.4.f of 100 summaries at once 95 are answered within 1000 ms', async function () {
    this.timeout(60_000);
    for (let index = 0; index < 100; index++) await scenario.session();
    const p95 = await p95Of(
      Array.from({ length: 100 }, () => async () => {
        assert.equal((await summary()).total_sessions, 100);
      }),
    );
    assert.ok(p95 < 1000, `p95 was ${p95.toFixed(0)} ms`);
  });
});
