import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { RecoveryState, Session, SessionList } from '@claude-projects/shared/contract';
import { MINUTE } from '../support/fake-clock.ts';
import { refused } from '../support/refused.ts';
import { Scenario } from '../support/scenario.ts';
import { startTestApi, type TestApi } from '../support/test-api.ts';

describe('3.3 what a recovery takes along', () => {
  let api: TestApi;
  let scenario: Scenario;
  before(async () => {
    api = await startTestApi();
    scenario = new Scenario(api);
  });
  after(() => api.close());

  const outline = async (session: Session) =>
    (await scenario.tasksOf(session)).map(({ task_name, status, position }) => [task_name, status, position]);

  /** One task of each kind, and a second pending one, in no particular order. */
  async function deadSession(status: 'failed' | 'stalled'): Promise<Session> {
    const session = await scenario.session();
    await scenario.taskIn(session, 'completed', 'done');
    await scenario.taskIn(session, 'pending', 'open 1');
    await scenario.taskIn(session, 'failed', 'broken');
    await scenario.taskIn(session, 'blocked', 'waiting');
    await scenario.taskIn(session, 'in_progress', 'running');
    await scenario.taskIn(session, 'pending', 'open 2');
    return scenario.update(session, { status });
  }

  for (const status of ['failed', 'stalled'] as const) {
    it(`of a ${status} session: open tasks in their order, failed and interrupted ones anew, completed ones not`, async () => {
      const original = await deadSession(status);
      const before = await scenario.tasksOf(original);
      const successor = await scenario.recovered(original);
      assert.deepEqual(await outline(successor), [
        ['open 1', 'pending', 0],
        ['broken', 'pending', 1],
        ['waiting', 'blocked', 2],
        ['running', 'pending', 3],
        ['open 2', 'pending', 4],
      ]);
      assert.deepEqual(await outline(original), [
        ['done', 'completed', 0],
        ['broken', 'failed', 2],
        ['running', 'failed', 4],
      ]);
      const moved = (await scenario.tasksOf(successor)).map((task) => task.task_id);
      for (const name of ['open 1', 'waiting', 'open 2']) {
        const task = before.find(({ task_name }) => task_name === name);
        assert.ok(task && moved.includes(task.task_id), `${name} keeps its id`);
      }
      assert.equal((await scenario.task(successor, 'next')).position, 5);
    });

    it(`of a ${status} session without reset_failed_tasks: open tasks only`, async () => {
      const original = await deadSession(status);
      const successor = await scenario.recovered(original, { reset_failed_tasks: false });
      assert.deepEqual(await outline(successor), [
        ['open 1', 'pending', 0],
        ['waiting', 'blocked', 1],
        ['open 2', 'pending', 2],
      ]);
      assert.deepEqual(await outline(original), [
        ['done', 'completed', 0],
        ['broken', 'failed', 2],
        ['running', 'failed', 4],
      ]);
    });
  }
});

describe('3.3 when a recovery is made, and how often', () => {
  let api: TestApi;
  let scenario: Scenario;
  before(async () => {
    api = await startTestApi();
    scenario = new Scenario(api);
  });
  after(() => api.close());

  const recover = async (session: Session, body: object = {}) =>
    api.call<Session>('POST', `/api/sessions/${session.session_id}/recover`, {
      new_machine_id: randomUUID(),
      ...body,
    });

  it('a recovery that is asked for again gives the same session, whatever it asks for', async () => {
    const original = await scenario.sessionIn('failed');
    await scenario.taskIn(await scenario.session(), 'failed');
    const first = await recover(original);
    assert.equal(first.status, 201);
    for (const body of [{}, { docker_slot: 7, force: true, reset_failed_tasks: false }]) {
      const again = await recover(original, body);
      assert.equal(again.status, 200);
      assert.deepEqual(again.body, first.body);
    }
    const completed = await scenario.update(first.body, { status: 'completed' });
    assert.deepEqual((await recover(original)).body, completed);
  });

  it('of many recoveries at once exactly one makes a session, and all give it', async () => {
    const original = await scenario.session();
    for (const status of ['pending', 'failed', 'in_progress'] as const) await scenario.taskIn(original, status);
    await scenario.update(original, { status: 'stalled' });
    const replies = await Promise.all(Array.from({ length: 10 }, async () => recover(original)));
    assert.deepEqual(replies.map((reply) => String(reply.status)).sort(), [...Array<string>(9).fill('200'), '201']);
    const ids = new Set(replies.map((reply) => reply.body.session_id));
    assert.equal(ids.size, 1);
    const { body } = await api.call<SessionList>('GET', `/api/sessions?project_id=${original.project_id}`);
    assert.equal(body.total, 2);
    assert.equal((await scenario.tasksOf(await scenario.readSession([...ids][0] ?? ''))).length, 3);
  });

  for (const status of ['active', 'paused'] as const) {
    it(`a silent ${status} session is recovered once its heartbeat is past the threshold, and not before`, async () => {
      const session = await scenario.sessionIn(status, { docker_slot: 4 });
      const path = `/api/sessions/${session.session_id}`;
      const recoverable = async () => (await api.call<RecoveryState>('GET', `${path}/recovery-state`)).body.recoverable;
      api.clock.advance(3 * MINUTE);
      assert.equal(await recoverable(), false);
      await refused(api, 'INVALID_STATE', 'POST', `${path}/prepare-recovery`);
      await refused(api, 'NOT_RECOVERABLE', 'POST', `${path}/recover`, { new_machine_id: randomUUID() });
      assert.deepEqual((await scenario.readSession(session.session_id)).status, status);
      api.clock.advance(1);
      assert.equal(await recoverable(), true);
      assert.equal((await api.call('POST', `${path}/prepare-recovery`)).status, 200);
      const successor = await scenario.recovered(session, { new_machine_id: session.machine_id, docker_slot: 4 });
      assert.equal(successor.recovered_from, session.session_id);
      assert.equal((await scenario.readSession(session.session_id)).status, 'completed');
      const error = await refused(api, 'SESSION_ENDED', 'POST', `${path}/heartbeat`);
      assert.equal(error.successor_session_id, successor.session_id);
    });

    it(`a ${status} session that beats in time is prepared by nobody and recovered by nobody`, async () => {
      const session = await scenario.sessionIn(status);
      api.clock.advance(4 * MINUTE);
      await scenario.heartbeat(session);
      const path = `/api/sessions/${session.session_id}`;
      await refused(api, 'INVALID_STATE', 'POST', `${path}/prepare-recovery`);
      await refused(api, 'NOT_RECOVERABLE', 'POST', `${path}/recover`, { new_machine_id: randomUUID() });
    });
  }

  for (const status of ['active', 'paused', 'completed'] as const) {
    it(`a ${status} session is not recovered, and not by force either`, async () => {
      const session = await scenario.sessionIn(status);
      const path = `/api/sessions/${session.session_id}/recover`;
      for (const force of [false, true]) {
        await refused(api, 'NOT_RECOVERABLE', 'POST', path, { new_machine_id: randomUUID(), force });
      }
      assert.deepEqual(await scenario.readSession(session.session_id), session);
    });
  }

  it('one lineage is recovered three times; a fourth time only by force', async () => {
    let session = await scenario.session();
    for (const attempts of [1, 2, 3]) {
      const successor = await scenario.recovered(await scenario.failed(session));
      assert.equal(successor.recovery_attempts, attempts);
      assert.equal(successor.recovered_from, session.session_id);
      session = successor;
    }
    const failed = await scenario.failed(session);
    const path = `/api/sessions/${failed.session_id}/recover`;
    await refused(api, 'RECOVERY_LIMIT_REACHED', 'POST', path, { new_machine_id: randomUUID() });
    assert.deepEqual(await scenario.readSession(failed.session_id), failed);
    assert.equal((await scenario.recovered(failed, { force: true })).recovery_attempts, 4);
  });

  for (const slot of [{}, { docker_slot: 5 }]) {
    const where = 'docker_slot' in slot ? 'slot' : 'place';
    it(`a recovery onto a ${where} that is taken is refused, names the holder, and changes nothing`, async () => {
      const session = await scenario.session();
      for (const status of ['pending', 'failed', 'in_progress'] as const) await scenario.taskIn(session, status);
      const original = await scenario.update(session, { status: 'stalled' });
      const tasks = await scenario.tasksOf(original);
      const other = 'docker_slot' in slot ? {} : { project_id: original.project_id };
      const holder = await scenario.session({ ...other, ...slot });
      const body = { new_machine_id: holder.machine_id, ...slot };
      const path = `/api/sessions/${original.session_id}/recover`;
      api.clock.advance(1);
      const error = await refused(api, 'ACTIVE_SESSION_EXISTS', 'POST', path, body);
      assert.equal(error.conflicting_session_id, holder.session_id);
      assert.deepEqual(await scenario.readSession(original.session_id), original);
      assert.deepEqual(await scenario.tasksOf(original), tasks);
      assert.deepEqual(await scenario.tasksOf(holder), []);
      assert.equal((await scenario.recovered(original)).status, 'active');
    });
  }

  it('a recovery whose session was deleted since is not made a second time', async () => {
    const original = await scenario.sessionIn('failed');
    const successor = await scenario.recovered(original);
    assert.equal((await api.call('DELETE', `/api/sessions/${successor.session_id}`)).status, 204);
    const path = `/api/sessions/${original.session_id}/recover`;
    const error = await refused(api, 'NOT_RECOVERABLE', 'POST', path, { new_machine_id: randomUUID() });
    assert.match(error.message, new RegExp(successor.session_id));
  });
});

describe('3.3 without recoveries', () => {
  it('MAX_RECOVERY_ATTEMPTS=0 makes every recovery a matter of force', async () => {
    const api = await startTestApi({ maxRecoveryAttempts: 0 });
    try {
      const scenario = new Scenario(api);
      const failed = await scenario.sessionIn('failed');
      const path = `/api/sessions/${failed.session_id}/recover`;
      await refused(api, 'RECOVERY_LIMIT_REACHED', 'POST', path, { new_machine_id: 'm' });
      assert.equal((await scenario.recovered(failed, { force: true })).recovery_attempts, 1);
    } finally {
      await api.close();
    }
  });
});
