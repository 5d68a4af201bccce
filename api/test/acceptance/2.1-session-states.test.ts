import assert from 'node:assert/strict';
import type { SessionStatus } from '@claude-projects/shared/contract';
import { MINUTE } from '../support/fake-clock.ts';
import { refused } from '../support/refused.ts';
import { Scenario } from '../support/scenario.ts';
import { startTestApi, type TestApi } from '../support/test-api.ts';

/** The contract's table, written down a second time on purpose: the first one is what is tested. */
const STEPS: Record<SessionStatus, readonly SessionStatus[]> = {
  active: ['paused', 'stalled', 'completed', 'failed'],
  paused: ['active', 'stalled', 'completed', 'failed'],
  stalled: ['active', 'completed', 'failed'],
  completed: [],
  failed: [],
};
const STATUSES: readonly SessionStatus[] = ['active', 'paused', 'stalled', 'completed', 'failed'];

describe('2.1 the states of a session', () => {
  let api: TestApi;
  let scenario: Scenario;
  before(async () => {
    api = await startTestApi();
    scenario = new Scenario(api);
  });
  after(() => api.close());

  for (const from of STATUSES) {
    for (const to of STATUSES.filter((status) => status !== from)) {
      if (STEPS[from].includes(to)) {
        it(`${from} becomes ${to}`, async () => {
          const session = await scenario.sessionIn(from);
          api.clock.advance(MINUTE);
          const now = api.clock.now().toISOString();
          const updated = await scenario.update(session, { status: to });
          const ended = to === 'completed' || to === 'failed';
          assert.equal(updated.status, to);
          assert.equal(updated.completed_at, ended ? now : null);
          assert.equal(updated.stalled_at, to === 'stalled' ? now : ended ? session.stalled_at : null);
          assert.equal(updated.last_heartbeat, session.last_heartbeat, 'only a heartbeat is a heartbeat');
          assert.deepEqual(await scenario.readSession(session.session_id), updated);
        });
      } else {
        it(`${from} never becomes ${to}`, async () => {
          const session = await scenario.sessionIn(from);
          const path = `/api/sessions/${session.session_id}`;
          api.clock.advance(MINUTE);
          const error = await refused(api, 'INVALID_TRANSITION', 'PATCH', path, { status: to, metadata: { x: 1 } });
          assert.match(error.message, new RegExp(`${from}.*${to}`));
          assert.deepEqual(await scenario.readSession(session.session_id), session);
        });
      }
    }

    it(`${from} is told again that it is ${from}: no error, and its times stay`, async () => {
      const session = await scenario.sessionIn(from);
      api.clock.advance(MINUTE);
      const again = await scenario.update(session, { status: from });
      assert.equal(again.status, from);
      assert.equal(again.completed_at, session.completed_at);
      assert.equal(again.stalled_at, session.stalled_at);
      await scenario.update(session, from === 'stalled' ? { status: 'active' } : { status: from });
    });
  }

  for (const status of ['completed', 'failed'] as const) {
    it(`nothing revives a ${status} session: no heartbeat, no change, no mark`, async () => {
      const session = await scenario.sessionIn(status);
      const path = `/api/sessions/${session.session_id}`;
      await refused(api, 'SESSION_ENDED', 'POST', `${path}/heartbeat`);
      await refused(api, 'SESSION_ENDED', 'PATCH', path, { metadata: { late: true } });
      await refused(api, 'SESSION_ENDED', 'PATCH', path, { current_task_id: 'task-1' });
      await refused(api, 'INVALID_TRANSITION', 'POST', `${path}/mark-stalled`);
      if (status === 'completed') {
        await refused(api, 'INVALID_TRANSITION', 'POST', `${path}/mark-failed`, { error_message: 'too late' });
      }
      assert.deepEqual(await scenario.readSession(session.session_id), session);
    });
  }
});
