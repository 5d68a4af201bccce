import assert from 'node:assert/strict';
import type { ErrorReply, Heartbeat, Session } from '@claude-projects/shared/contract';
import { MINUTE } from '../support/fake-clock.ts';
import { Scenario } from '../support/scenario.ts';
import { startTestApi, type TestApi } from '../support/test-api.ts';
import { inRounds, race, sessionsOf, statusesOf, theOnly, times } from './support/rounds.ts';

describe('races of recovery', function () {
  this.timeout(120_000);
  let api: TestApi;
  let scenario: Scenario;
  before(async () => {
    api = await startTestApi();
    scenario = new Scenario(api);
  });
  after(() => api.close());

  const recover = (session: Session, new_machine_id: string) => () =>
    api.call<Session & ErrorReply>('POST', `/api/sessions/${session.session_id}/recover`, { new_machine_id });
  const beat = (session: Session, body?: Heartbeat) => () =>
    api.call<Session & ErrorReply>('POST', `/api/sessions/${session.session_id}/heartbeat`, body);

  it('makes one new session of twenty recoveries, gives it to all, and copies the tasks once', () =>
    inRounds(async (round) => {
      const session = await scenario.session();
      await scenario.taskIn(session, 'completed', 'done');
      await scenario.taskIn(session, 'failed', 'broke');
      await scenario.taskIn(session, 'in_progress', 'was running');
      await scenario.task(session, 'still to do');
      await scenario.failed(session);

      // Every other round they even disagree about the machine.
      const machineOf = (index: number) => (round % 4 < 2 ? `new-${round}` : `new-${round}-${index}`);
      const replies = await race(
        round,
        times(20, (index) => recover(session, machineOf(index))),
      );

      assert.deepEqual(statusesOf(replies), { 200: 19, 201: 1 });
      const successorId = theOnly([...new Set(replies.map(({ body }) => body.session_id))]);
      const stored = await sessionsOf(api, session.project_id);
      assert.deepEqual(new Set(stored.map(({ session_id }) => session_id)), new Set([session.session_id, successorId]));
      const original = await scenario.readSession(session.session_id);
      assert.equal(original.status, 'completed');
      assert.equal(original.recovered_by, successorId);
      const carried = await api.storage.tasks.listOfSession(successorId);
      assert.deepEqual(
        carried.map(({ task_name, status, position }) => ({ task_name, status, position })),
        [
          { task_name: 'broke', status: 'pending', position: 0 },
          { task_name: 'was running', status: 'pending', position: 1 },
          { task_name: 'still to do', status: 'pending', position: 2 },
        ],
      );
      const left = await api.storage.tasks.listOfSession(session.session_id);
      assert.deepEqual(
        left.map(({ task_name, status }) => ({ task_name, status })),
        [
          { task_name: 'done', status: 'completed' },
          { task_name: 'broke', status: 'failed' },
          { task_name: 'was running', status: 'failed' },
        ],
      );
    }));

  it('either hears the old process in time or fences it off: never are both alive', () =>
    inRounds(async (round) => {
      const session = await scenario.session();
      api.clock.advance(4 * MINUTE);
      // A heartbeat with metadata takes a transaction, one without does not: both must hold.
      const body = round % 4 < 2 ? { metadata: { step: round } } : undefined;

      const [recovery, heartbeat] = await race(round, [recover(session, `rescue-${round}`), beat(session, body)]);
      assert.ok(recovery && heartbeat);

      const stored = await sessionsOf(api, session.project_id);
      const alive = theOnly(stored.filter(({ status }) => status === 'active'));
      if (heartbeat.status === 200) {
        assert.equal(recovery.status, 409);
        assert.equal(recovery.body.code, 'NOT_RECOVERABLE');
        assert.equal(alive.session_id, session.session_id);
        assert.equal(stored.length, 1);
      } else {
        assert.equal(heartbeat.status, 409);
        assert.equal(heartbeat.body.code, 'SESSION_ENDED');
        assert.equal(recovery.status, 201);
        assert.equal(heartbeat.body.successor_session_id, recovery.body.session_id);
        assert.equal(alive.session_id, recovery.body.session_id);
      }
    }));

  it('hands a task over once, whether the old process starts it before the recovery or after', () =>
    inRounds(async (round) => {
      const session = await scenario.session();
      const task = await scenario.task(session);
      api.clock.advance(4 * MINUTE);

      const start = () =>
        api.call<Session & ErrorReply>('PATCH', `/api/tasks/${task.task_id}`, { status: 'in_progress' });
      const [recovery, started] = await race(round, [recover(session, `rescue-again-${round}`), start]);
      assert.ok(recovery && started);

      // Started first, it was interrupted: it fails there and is tried again here. Moved first, it is the same task.
      assert.equal(recovery.status, 201);
      const [carried, ...more] = await api.storage.tasks.listOfSession(recovery.body.session_id);
      assert.deepEqual(more, []);
      assert.equal(carried?.task_name, task.task_name);
      const left = await api.storage.tasks.listOfSession(session.session_id);
      if (carried.task_id === task.task_id) {
        assert.deepEqual(left, []);
      } else {
        assert.equal(started.status, 200);
        assert.equal(carried.status, 'pending');
        assert.equal(theOnly(left).status, 'failed');
      }
    }));
});
