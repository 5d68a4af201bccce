import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { Task } from '@claude-projects/shared/contract';
import { HOUR, MINUTE } from '../support/fake-clock.ts';
import { fieldsOf, refused } from '../support/refused.ts';
import { Scenario } from '../support/scenario.ts';
import { startTestApi, type TestApi } from '../support/test-api.ts';

describe('2.1 what is reported late', () => {
  let api: TestApi;
  let scenario: Scenario;
  before(async () => {
    api = await startTestApi();
    scenario = new Scenario(api);
  });
  after(() => api.close());

  const fromNow = (milliseconds: number) => new Date(api.clock.now().getTime() + milliseconds).toISOString();

  it('a session that began earlier says so; its heartbeat is of the server all the same', async () => {
    const occurred_at = fromNow(-2 * HOUR);
    const session = await scenario.session({ occurred_at });
    assert.equal(session.started_at, occurred_at);
    assert.equal(session.last_progress_at, occurred_at);
    assert.equal(session.last_heartbeat, fromNow(0));
    assert.equal(session.created_at, fromNow(0));
    assert.equal(session.health, 'healthy');
  });

  it('an end is dated when it happened', async () => {
    const occurred_at = fromNow(-HOUR);
    for (const status of ['completed', 'failed'] as const) {
      const ended = await scenario.update(await scenario.session(), { status, occurred_at });
      assert.equal(ended.completed_at, occurred_at);
      assert.equal(ended.updated_at, fromNow(0));
      assert.equal(ended.last_heartbeat, fromNow(0));
    }
    const { session_id } = await scenario.session();
    const report = { error_message: 'crashed', occurred_at };
    const { body } = await api.call('POST', `/api/sessions/${session_id}/mark-failed`, report);
    assert.equal(body['completed_at'], occurred_at);
  });

  it('a stall is dated when it happened', async () => {
    const occurred_at = fromNow(-HOUR);
    const { session_id } = await scenario.session();
    const { body } = await api.call('POST', `/api/sessions/${session_id}/mark-stalled`, { occurred_at });
    assert.equal(body['stalled_at'], occurred_at);
  });

  it('the steps of a task are dated when they happened', async () => {
    const session = await scenario.session({ occurred_at: fromNow(-3 * HOUR) });
    const { status, body: task } = await api.call<Task>('POST', '/api/tasks', {
      session_id: session.session_id,
      project_id: session.project_id,
      task_name: 'reported late',
      occurred_at: fromNow(-2 * HOUR),
    });
    assert.equal(status, 201);
    assert.equal(task.created_at, fromNow(-2 * HOUR));
    const started = await scenario.updateTask(task, { status: 'in_progress', occurred_at: fromNow(-HOUR) });
    assert.equal(started.started_at, fromNow(-HOUR));
    assert.equal((await scenario.readSession(session.session_id)).last_progress_at, fromNow(-HOUR));
    const done = await scenario.updateTask(started, { status: 'completed', occurred_at: fromNow(-MINUTE) });
    assert.equal(done.started_at, fromNow(-HOUR));
    assert.equal(done.completed_at, fromNow(-MINUTE));
    assert.equal((await scenario.readSession(session.session_id)).last_progress_at, fromNow(-MINUTE));
  });

  it('what is reported late never moves the last progress back', async () => {
    const session = await scenario.session();
    const task = await scenario.task(session);
    const occurred_at = fromNow(-HOUR);
    await scenario.updateTask(task, { status: 'in_progress', occurred_at });
    assert.equal((await scenario.readSession(session.session_id)).last_progress_at, session.last_progress_at);
    await scenario.update(session, { current_task_id: 'another', occurred_at });
    assert.equal((await scenario.readSession(session.session_id)).last_progress_at, session.last_progress_at);
  });

  it('a clock that runs up to five minutes ahead means now', async () => {
    const session = await scenario.session({ occurred_at: fromNow(5 * MINUTE) });
    assert.equal(session.started_at, fromNow(0));
  });

  it('a moment further in the future is refused, on every request that may be dated, and changes nothing', async () => {
    const occurred_at = fromNow(5 * MINUTE + 1);
    const session = await scenario.session();
    const task = await scenario.task(session);
    const { session_id, project_id } = session;
    const path = `/api/sessions/${session_id}`;
    for (const [method, route, body] of [
      ['POST', '/api/sessions', { project_id: randomUUID(), machine_id: randomUUID() }],
      ['PATCH', path, { status: 'paused' }],
      ['PATCH', path, { status: 'completed' }],
      ['POST', `${path}/mark-failed`, { error_message: 'x' }],
      ['POST', `${path}/mark-stalled`, {}],
      ['POST', '/api/tasks', { session_id, project_id, task_name: 'x' }],
      ['PATCH', `/api/tasks/${task.task_id}`, { status: 'in_progress' }],
    ] as const) {
      const error = await refused(api, 'VALIDATION_FAILED', method, route, { ...body, occurred_at });
      assert.deepEqual(fieldsOf(error), ['occurred_at']);
    }
    assert.equal((await scenario.readSession(session_id)).status, 'active');
    assert.deepEqual(await scenario.tasksOf(session), [task]);
  });

  it('what is no moment at all is refused, and a heartbeat cannot be dated', async () => {
    const { session_id } = await scenario.session();
    for (const occurred_at of ['yesterday', '2026-01-01', 1_700_000_000, null]) {
      const error = await refused(api, 'VALIDATION_FAILED', 'PATCH', `/api/sessions/${session_id}`, { occurred_at });
      assert.deepEqual(fieldsOf(error), ['occurred_at']);
    }
    const beat = { occurred_at: fromNow(-HOUR) };
    const error = await refused(api, 'VALIDATION_FAILED', 'POST', `/api/sessions/${session_id}/heartbeat`, beat);
    assert.deepEqual(fieldsOf(error), ['occurred_at']);
  });
});
