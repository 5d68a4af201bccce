import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { Session } from '@claude-projects/shared/contract';
import { MINUTE, SECOND } from '../support/fake-clock.ts';
import { p95Of } from '../support/latency.ts';
import { fieldsOf, refused } from '../support/refused.ts';
import { Scenario } from '../support/scenario.ts';
import { startTestApi, type TestApi } from '../support/test-api.ts';

describe('2.2 the heartbeat', () => {
  let api: TestApi;
  let scenario: Scenario;
  before(async () => {
    api = await startTestApi();
    scenario = new Scenario(api);
  });
  after(() => api.close());

  it('AC-2.2.a a heartbeat sets last_heartbeat to the time of the server, to the millisecond', async () => {
    const session = await scenario.session();
    api.clock.advance(MINUTE + 1);
    const now = api.clock.now().toISOString();
    const beaten = await scenario.heartbeat(session);
    assert.deepEqual(beaten, { ...session, last_heartbeat: now, updated_at: now });
    assert.deepEqual(await scenario.readSession(session.session_id), beaten);
  });

  it('AC-2.2.a a heartbeat needs no body, and takes an empty one of any kind', async () => {
    const { session_id } = await scenario.session();
    const path = `/api/sessions/${session_id}/heartbeat`;
    for (const body of [undefined, '', ' ', '{}']) {
      api.clock.advance(SECOND);
      const { status, body: session } = await api.call('POST', path, body);
      assert.equal(status, 200, JSON.stringify(session));
      assert.equal(session['last_heartbeat'], api.clock.now().toISOString());
    }
    await refused(api, 'VALIDATION_FAILED', 'POST', path, []);
    await refused(api, 'INVALID_JSON', 'POST', path, '{');
  });

  it('AC-2.2.b a heartbeat with current_task_id sets it; one without leaves it', async () => {
    const session = await scenario.session();
    await scenario.heartbeat(session, { current_task_id: 'task-123' });
    assert.equal((await scenario.readSession(session.session_id)).current_task_id, 'task-123');
    await scenario.heartbeat(session);
    assert.equal((await scenario.readSession(session.session_id)).current_task_id, 'task-123');
    assert.equal((await scenario.heartbeat(session, { current_task_id: null })).current_task_id, null);
  });

  it('AC-2.2.c a heartbeat revives a stalled session, marked or swept', async () => {
    const marked = await scenario.sessionIn('stalled');
    const swept = await scenario.session();
    api.clock.advance(3 * MINUTE + 1);
    await api.call('POST', '/api/sessions/detect-failures');
    for (const { session_id } of [marked, swept]) {
      const stalled = await scenario.readSession(session_id);
      assert.equal(stalled.status, 'stalled');
      await scenario.heartbeat(stalled);
      const revived = await scenario.readSession(session_id);
      assert.equal(revived.status, 'active');
      assert.equal(revived.stalled_at, null);
      assert.equal(revived.health, 'healthy');
      const lines = api.log.withMessage('Session came back by itself');
      assert.equal(lines.at(-1)?.context['session_id'], session_id);
    }
  });

  it('a heartbeat leaves a paused session paused', async () => {
    const paused = await scenario.sessionIn('paused');
    api.clock.advance(SECOND);
    const beaten = await scenario.heartbeat(paused);
    assert.equal(beaten.status, 'paused');
    assert.equal(beaten.last_heartbeat, api.clock.now().toISOString());
  });

  it('AC-2.2.e a heartbeat of a session that does not exist is 404', async () => {
    for (const id of [randomUUID(), 'invalid-uuid']) {
      await refused(api, 'SESSION_NOT_FOUND', 'POST', `/api/sessions/${id}/heartbeat`);
    }
  });

  it('AC-2.2.f two heartbeats within a second both succeed, one after the other and at once', async () => {
    const session = await scenario.session();
    await scenario.heartbeat(session);
    await scenario.heartbeat(session);
    const both = [
      scenario.heartbeat(session, { metadata: { one: 1 } }),
      scenario.heartbeat(session, { metadata: { two: 2 } }),
    ];
    await Promise.all(both);
    assert.deepEqual((await scenario.readSession(session.session_id)).metadata, { one: 1, two: 2 });
  });

  it('heartbeats prove that the process lives, not that the work moves', async () => {
    const session = await scenario.session();
    api.clock.advance(MINUTE);
    const beaten = await scenario.heartbeat(session, { activity: 'working', metadata: { beats: 1 } });
    assert.equal(beaten.last_progress_at, session.last_progress_at);
    const moved = await scenario.heartbeat(session, { current_task_id: 'task-1' });
    assert.equal(moved.last_progress_at, api.clock.now().toISOString());
    api.clock.advance(MINUTE);
    const same = await scenario.heartbeat(session, { current_task_id: 'task-1' });
    assert.equal(same.last_progress_at, moved.last_progress_at);
  });

  it('a heartbeat carries activity, its detail and metadata', async () => {
    const session = await scenario.session({ metadata: { kept: 1 } });
    const asking = { activity: 'waiting_for_input', activity_detail: 'May I push?', metadata: { asked: 1 } } as const;
    const waiting = await scenario.heartbeat(session, asking);
    assert.equal(waiting.activity, 'waiting_for_input');
    assert.equal(waiting.activity_detail, 'May I push?');
    assert.deepEqual(waiting.metadata, { kept: 1, asked: 1 });
    assert.equal((await scenario.heartbeat(session)).activity_detail, 'May I push?');
    const working = await scenario.heartbeat(session, { activity: 'working' });
    assert.equal(working.activity_detail, null);
  });

  it('a heartbeat that is not understood is refused, and does not count as one', async () => {
    const session = await scenario.session();
    api.clock.advance(SECOND);
    const path = `/api/sessions/${session.session_id}/heartbeat`;
    const error = await refused(api, 'VALIDATION_FAILED', 'POST', path, { activity: 'asleep', status: 'active' });
    assert.deepEqual(fieldsOf(error).sort(), ['activity', 'status']);
    assert.deepEqual(await scenario.readSession(session.session_id), session);
  });

  it('a heartbeat is in the log for those who debug', async () => {
    const { session_id } = await scenario.heartbeat(await scenario.session());
    const line = api.log.withMessage('Heartbeat received').at(-1);
    assert.equal(line?.level, 'DEBUG');
    assert.equal(line?.context['session_id'], session_id);
  });
});

describe('2.2 the heartbeat under load', () => {
  let api: TestApi;
  before(async () => {
    api = await startTestApi();
  });
  after(() => api.close());

  it('AC-2.2.d of 100 heartbeats at once 95 are answered within 500 ms', async function () {
    this.timeout(60_000);
    const scenario = new Scenario(api);
    const sessions: Session[] = [];
    for (let index = 0; index < 100; index++) sessions.push(await scenario.session());
    api.clock.advance(SECOND);
    const p95 = await p95Of(sessions.map((session) => async () => scenario.heartbeat(session)));
    assert.ok(p95 < 500, `p95 was ${p95.toFixed(0)} ms`);
    for (const { session_id } of sessions) {
      assert.equal((await scenario.readSession(session_id)).last_heartbeat, api.clock.now().toISOString());
    }
  });
});
