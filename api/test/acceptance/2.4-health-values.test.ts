import assert from 'node:assert/strict';
import type { DetectFailuresReport, Session, SessionHealthReport } from '@claude-projects/shared/contract';
import { HOUR, MINUTE } from '../support/fake-clock.ts';
import { Scenario } from '../support/scenario.ts';
import { startTestApi, type TestApi } from '../support/test-api.ts';

const THRESHOLD = 3 * MINUTE;

describe('2.4 what health means', () => {
  let api: TestApi;
  let scenario: Scenario;
  before(async () => {
    api = await startTestApi();
    scenario = new Scenario(api);
  });
  after(() => api.close());

  async function healthAfter(session: Session, silence: number): Promise<string> {
    api.clock.advance(silence);
    const read = await scenario.readSession(session.session_id);
    const { body } = await api.call<SessionHealthReport>('GET', `/api/sessions/${session.session_id}/health`);
    assert.equal(body.health, read.health, 'the two ways to read it disagree');
    assert.equal(body.time_since_heartbeat_ms, silence);
    assert.equal(body.is_stalled, body.health === 'stalled');
    return read.health;
  }

  for (const [silence, health] of [
    [0, 'healthy'],
    [THRESHOLD / 2, 'healthy'],
    [THRESHOLD / 2 + 1, 'late'],
    [THRESHOLD, 'late'],
    [THRESHOLD + 1, 'stalled'],
  ] as const) {
    it(`an active session silent for ${silence} ms is ${health}`, async () => {
      assert.equal(await healthAfter(await scenario.session(), silence), health);
    });
  }

  for (const [silence, health] of [
    [THRESHOLD / 2 + 1, 'waiting'],
    [THRESHOLD, 'waiting'],
    [THRESHOLD + 1, 'stalled'],
  ] as const) {
    it(`a session that waits for input and is silent for ${silence} ms is ${health}`, async () => {
      const session = await scenario.session();
      await scenario.update(session, { activity: 'waiting_for_input' });
      assert.equal(await healthAfter(session, silence), health);
    });
  }

  it('a session that waits for input is no stall as long as its process lives, however long it waits', async () => {
    const session = await scenario.session();
    await scenario.heartbeat(session, { activity: 'waiting_for_input' });
    for (let minutes = 0; minutes < 60; minutes += 2) {
      api.clock.advance(2 * MINUTE);
      await scenario.heartbeat(session);
      await api.call('POST', '/api/sessions/detect-failures');
    }
    const { status, health } = await scenario.readSession(session.session_id);
    assert.deepEqual([status, health], ['active', 'waiting']);
  });

  for (const [silence, health] of [
    [THRESHOLD, 'paused'],
    [THRESHOLD + 1, 'stalled'],
  ] as const) {
    it(`a paused session that is silent for ${silence} ms is ${health}, and the sweep leaves it paused`, async () => {
      const paused = await scenario.sessionIn('paused');
      assert.equal(await healthAfter(paused, silence), health);
      await api.call('POST', '/api/sessions/detect-failures');
      assert.equal((await scenario.readSession(paused.session_id)).status, 'paused');
      assert.equal((await scenario.heartbeat(paused)).health, 'paused');
    });
  }

  it('a session marked stalled is stalled at once', async () => {
    assert.equal(await healthAfter(await scenario.sessionIn('stalled'), 0), 'stalled');
  });

  for (const status of ['completed', 'failed'] as const) {
    it(`a ${status} session is ended however long ago`, async () => {
      assert.equal(await healthAfter(await scenario.sessionIn(status), HOUR), 'ended');
    });
  }

  it('the sweep judges as the reading does: at the threshold nothing, a millisecond later the session', async () => {
    const session = await scenario.session();
    const sweep = async () => {
      const { status, body } = await api.call<DetectFailuresReport>('POST', '/api/sessions/detect-failures');
      assert.equal(status, 200);
      return body.session_ids.includes(session.session_id);
    };
    api.clock.advance(THRESHOLD);
    assert.equal(await sweep(), false);
    assert.equal((await scenario.readSession(session.session_id)).health, 'late');
    api.clock.advance(1);
    assert.equal(await sweep(), true);
    assert.equal(await sweep(), false, 'a session is marked once');
  });

  it('idle_ms counts from the last progress, which heartbeats do not move and tasks do', async () => {
    const session = await scenario.session();
    const task = await scenario.task(session);
    const idle = async () => {
      const path = `/api/sessions/${session.session_id}/health`;
      return (await api.call<SessionHealthReport>('GET', path)).body.idle_ms;
    };
    api.clock.advance(MINUTE);
    await scenario.heartbeat(session);
    assert.equal(await idle(), MINUTE);
    for (const step of [{ status: 'in_progress' }, { status: 'blocked' }, { status: 'pending' }] as const) {
      api.clock.advance(MINUTE);
      await scenario.updateTask(task, step);
      assert.equal(await idle(), 0, step.status);
    }
    api.clock.advance(MINUTE);
    await scenario.updateTask(task, { metadata: { note: 1 } });
    assert.equal(await idle(), MINUTE);
  });
});
