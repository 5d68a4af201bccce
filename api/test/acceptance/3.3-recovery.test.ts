import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { RecoveryState, Session } from '@claude-projects/shared/contract';
import { MINUTE } from '../support/fake-clock.ts';
import { refused } from '../support/refused.ts';
import { Scenario } from '../support/scenario.ts';
import { startTestApi, type TestApi } from '../support/test-api.ts';

describe('3.3 recovery', () => {
  let api: TestApi;
  let scenario: Scenario;
  before(async () => {
    api = await startTestApi();
    scenario = new Scenario(api);
  });
  after(() => api.close());

  async function stateOf(session: Session): Promise<RecoveryState> {
    const { status, body } = await api.call<RecoveryState>('GET', `/api/sessions/${session.session_id}/recovery-state`);
    assert.equal(status, 200);
    return body;
  }

  it('AC-3.3.a the recovery state has the last successful task and the others by status', async () => {
    const session = await scenario.session({ metadata: { branch: 'main' } });
    await scenario.taskIn(session, 'completed', 'done first');
    const pending = [await scenario.task(session, 'p1'), await scenario.task(session, 'p2')];
    const failed = [await scenario.taskIn(session, 'failed', 'f1')];
    api.clock.advance(MINUTE);
    const last = await scenario.taskIn(session, 'completed', 'done last');
    const blocked = [await scenario.taskIn(session, 'blocked', 'b1')];
    const running = [await scenario.taskIn(session, 'in_progress', 'r1')];
    assert.deepEqual(await stateOf(session), {
      session_id: session.session_id,
      project_id: session.project_id,
      status: 'active',
      recoverable: false,
      recovered_by: null,
      recovery_attempts: 0,
      max_recovery_attempts: 3,
      recovery_prepared_at: null,
      last_successful_task: last,
      failed_tasks: failed,
      in_progress_tasks: running,
      pending_tasks: pending,
      blocked_tasks: blocked,
      last_heartbeat: session.last_heartbeat,
      metadata: { branch: 'main' },
    });
  });

  it('AC-3.3.a the last successful task is the one completed last, not the one created last', async () => {
    const session = await scenario.session();
    const [first, second] = [await scenario.task(session), await scenario.task(session)];
    await scenario.updateTask(second, { status: 'completed' });
    api.clock.advance(1);
    await scenario.updateTask(first, { status: 'completed' });
    assert.equal((await stateOf(session)).last_successful_task?.task_id, first.task_id);
    assert.equal((await stateOf(await scenario.session())).last_successful_task, null);
  });

  it('AC-3.3.a the recovery state says whether a recovery would be made', async () => {
    for (const [status, recoverable] of [
      ['active', false],
      ['paused', false],
      ['stalled', true],
      ['failed', true],
      ['completed', false],
    ] as const) {
      assert.equal((await stateOf(await scenario.sessionIn(status))).recoverable, recoverable, status);
    }
    const overdue = await scenario.session();
    api.clock.advance(3 * MINUTE + 1);
    assert.equal((await stateOf(overdue)).recoverable, true);
    const successor = await scenario.recovered(overdue);
    const { recoverable, recovered_by } = await stateOf(overdue);
    assert.deepEqual([recoverable, recovered_by], [false, successor.session_id]);
  });

  for (const status of ['failed', 'stalled'] as const) {
    it(`AC-3.3.b a ${status} session that is prepared says since when`, async () => {
      const session = await scenario.sessionIn(status, { metadata: { kept: 1 } });
      api.clock.advance(MINUTE);
      const now = api.clock.now().toISOString();
      const path = `/api/sessions/${session.session_id}/prepare-recovery`;
      const { status: reply, body } = await api.call<RecoveryState>('POST', path);
      assert.equal(reply, 200);
      assert.equal(body.recovery_prepared_at, now);
      assert.deepEqual(body, await stateOf(session));
      const metadata = { ...session.metadata, recovery_prepared_at: now };
      assert.deepEqual(await scenario.readSession(session.session_id), { ...session, metadata, updated_at: now });
    });
  }

  for (const status of ['active', 'paused', 'completed'] as const) {
    it(`AC-3.3.f preparing a ${status} session is 400`, async () => {
      const session = await scenario.sessionIn(status);
      const path = `/api/sessions/${session.session_id}/prepare-recovery`;
      const error = await refused(api, 'INVALID_STATE', 'POST', path);
      assert.match(error.message, new RegExp(status));
      assert.deepEqual(await scenario.readSession(session.session_id), session);
    });
  }

  it('AC-3.3.c a recovery makes a new active session with project, metadata and lineage', async () => {
    const original = await scenario.session({ metadata: { branch: 'main' }, docker_slot: 1 });
    await scenario.update(original, { current_task_id: 'task-1', activity: 'idle', activity_detail: 'resting' });
    const failed = await scenario.failed(original);
    await api.call('POST', `/api/sessions/${original.session_id}/prepare-recovery`);
    api.clock.advance(MINUTE);
    const now = api.clock.now().toISOString();
    const machine = await scenario.machine();
    const path = `/api/sessions/${original.session_id}/recover`;
    const request = { new_machine_id: machine.machine_id, docker_slot: 2 };
    const { status, body: successor } = await api.call<Session>('POST', path, request);
    assert.equal(status, 201);
    assert.notEqual(successor.session_id, original.session_id);
    assert.deepEqual(successor, {
      ...original,
      session_id: successor.session_id,
      machine_id: machine.machine_id,
      docker_slot: 2,
      last_heartbeat: now,
      last_progress_at: now,
      started_at: now,
      recovered_from: original.session_id,
      recovery_attempts: 1,
      metadata: { branch: 'main', recovered_from: original.session_id, recovery_attempts: 1 },
      created_at: now,
      updated_at: now,
    });
    assert.deepEqual(await scenario.readSession(successor.session_id), successor);
    assert.deepEqual((await scenario.readMachine(machine.machine_id)).active_sessions, [successor.session_id]);
    assert.equal(failed.status, 'failed');
    const line = api.log.withMessage('Session recovered').at(-1);
    assert.equal(line?.context['original_session_id'], original.session_id);
    assert.equal(line?.context['new_session_id'], successor.session_id);
  });

  it('AC-3.3.d the original becomes completed and names its successor; why and when it ended stays', async () => {
    const original = await scenario.failed(await scenario.session({ metadata: { branch: 'main' } }), 'crashed');
    api.clock.advance(MINUTE);
    const successor = await scenario.recovered(original);
    assert.deepEqual(await scenario.readSession(original.session_id), {
      ...original,
      status: 'completed',
      recovered_by: successor.session_id,
      metadata: { branch: 'main', error_message: 'crashed', recovered_by: successor.session_id },
      updated_at: api.clock.now().toISOString(),
    });
  });

  it('AC-3.3.d a stalled original leaves the list of its machine, dated by its recovery', async () => {
    const { machine_id } = await scenario.machine();
    const original = await scenario.sessionIn('stalled', { machine_id });
    api.clock.advance(MINUTE);
    const successor = await scenario.recovered(original);
    const { status, completed_at } = await scenario.readSession(original.session_id);
    assert.deepEqual([status, completed_at], ['completed', successor.created_at]);
    assert.deepEqual((await scenario.readMachine(machine_id)).active_sessions, []);
  });

  it('AC-3.3.e each failed task of the original becomes a new pending task', async () => {
    const original = await scenario.session();
    const failed = [await scenario.taskIn(original, 'failed', 'f1'), await scenario.taskIn(original, 'failed', 'f2')];
    await scenario.failed(original);
    api.clock.advance(MINUTE);
    const successor = await scenario.recovered(original, { reset_failed_tasks: true });
    const tasks = await scenario.tasksOf(successor);
    assert.equal(tasks.length, 2);
    for (const [position, task] of tasks.entries()) {
      assert.notEqual(task.task_id, failed[position]?.task_id);
      assert.deepEqual(task, {
        ...failed[position],
        task_id: task.task_id,
        session_id: successor.session_id,
        status: 'pending',
        position,
        started_at: null,
        completed_at: null,
        error_message: null,
        created_at: successor.created_at,
        updated_at: successor.created_at,
      });
    }
    assert.deepEqual(await scenario.tasksOf(original), failed);
  });

  it('a session can be recovered where it died', async () => {
    for (const status of ['failed', 'stalled'] as const) {
      const original = await scenario.sessionIn(status, { docker_slot: 3 });
      const successor = await scenario.recovered(original, { new_machine_id: original.machine_id, docker_slot: 3 });
      assert.deepEqual([successor.machine_id, successor.docker_slot], [original.machine_id, 3]);
    }
  });

  it('a session that does not exist is 404, and a recovery without a machine is 400', async () => {
    const path = `/api/sessions/${randomUUID()}`;
    await refused(api, 'SESSION_NOT_FOUND', 'GET', `${path}/recovery-state`);
    await refused(api, 'SESSION_NOT_FOUND', 'POST', `${path}/prepare-recovery`);
    await refused(api, 'SESSION_NOT_FOUND', 'POST', `${path}/recover`, { new_machine_id: 'm' });
    const { session_id } = await scenario.sessionIn('failed');
    await refused(api, 'VALIDATION_FAILED', 'POST', `/api/sessions/${session_id}/recover`);
    await refused(api, 'VALIDATION_FAILED', 'POST', `/api/sessions/${session_id}/recover`, {});
  });
});
