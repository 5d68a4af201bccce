import assert from 'node:assert/strict';
import type { TaskStatus, UpdateTask } from '@claude-projects/shared/contract';
import { MINUTE } from '../support/fake-clock.ts';
import { refused } from '../support/refused.ts';
import { Scenario } from '../support/scenario.ts';
import { startTestApi, type TestApi } from '../support/test-api.ts';

/** The contract's table, written down a second time on purpose: the first one is what is tested. */
const STEPS: Record<TaskStatus, readonly TaskStatus[]> = {
  pending: ['in_progress', 'completed', 'blocked'],
  in_progress: ['completed', 'failed', 'blocked'],
  blocked: ['pending', 'in_progress'],
  completed: [],
  failed: [],
};
const STATUSES: readonly TaskStatus[] = ['pending', 'in_progress', 'blocked', 'completed', 'failed'];

const updateTo = (status: TaskStatus): UpdateTask =>
  status === 'failed' ? { status, error_message: 'another message' } : { status };

describe('3.1 the states of a task', () => {
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
          const task = await scenario.taskIn(await scenario.session(), from);
          api.clock.advance(MINUTE);
          const now = api.clock.now().toISOString();
          const starts = to === 'in_progress' || to === 'completed';
          const expected = {
            ...task,
            status: to,
            started_at: task.started_at ?? (starts ? now : null),
            completed_at: to === 'completed' || to === 'failed' ? now : null,
            error_message: to === 'failed' ? 'another message' : null,
            updated_at: now,
          };
          assert.deepEqual(await scenario.updateTask(task, updateTo(to)), expected);
          assert.deepEqual(await scenario.readTask(task.task_id), expected);
          const { from: before, to: after } = api.log.withMessage('Task status changed').at(-1)?.context ?? {};
          assert.deepEqual([before, after], [from, to]);
        });
      } else {
        it(`${from} never becomes ${to}`, async () => {
          const session = await scenario.session();
          const task = await scenario.taskIn(session, from);
          const before = await scenario.readSession(session.session_id);
          api.clock.advance(MINUTE);
          const update = { ...updateTo(to), metadata: { x: 1 } };
          const error = await refused(api, 'INVALID_TRANSITION', 'PATCH', `/api/tasks/${task.task_id}`, update);
          assert.match(error.message, new RegExp(`${from}.*${to}`));
          assert.deepEqual(await scenario.readTask(task.task_id), task);
          assert.equal((await scenario.readSession(session.session_id)).updated_at, before.updated_at);
        });
      }
    }

    it(`${from} is told again that it is ${from}: no error, and nothing but updated_at moves`, async () => {
      const session = await scenario.session();
      const task = await scenario.taskIn(session, from);
      const before = await scenario.readSession(session.session_id);
      api.clock.advance(MINUTE);
      const again = await scenario.updateTask(task, updateTo(from));
      assert.deepEqual({ ...again, updated_at: task.updated_at }, task);
      assert.equal((await scenario.readSession(session.session_id)).last_progress_at, before.last_progress_at);
    });
  }

  it('a task that was blocked and goes on keeps the time at which it first started', async () => {
    const task = await scenario.taskIn(await scenario.session(), 'in_progress');
    await scenario.updateTask(task, { status: 'blocked' });
    api.clock.advance(MINUTE);
    const resumed = await scenario.updateTask(task, { status: 'in_progress' });
    assert.equal(resumed.started_at, task.started_at);
  });
});

describe('3.1 tasks of a session that is not active', () => {
  let api: TestApi;
  let scenario: Scenario;
  before(async () => {
    api = await startTestApi();
    scenario = new Scenario(api);
  });
  after(() => api.close());

  for (const status of ['completed', 'failed'] as const) {
    it(`under a ${status} session no task is created`, async () => {
      const { session_id, project_id } = await scenario.sessionIn(status);
      const body = { session_id, project_id, task_name: 'too late' };
      const error = await refused(api, 'SESSION_ENDED', 'POST', '/api/tasks', body);
      assert.equal(error.successor_session_id, undefined);
      assert.deepEqual((await api.call('GET', `/api/tasks?session_id=${session_id}`)).body['total'], 0);
    });

    it(`under a ${status} session no task is started, from pending or from blocked`, async () => {
      const session = await scenario.session();
      const tasks = [await scenario.taskIn(session, 'pending'), await scenario.taskIn(session, 'blocked')];
      await scenario.update(session, { status });
      for (const task of tasks) {
        const update = { status: 'in_progress', metadata: { started: true } };
        await refused(api, 'SESSION_ENDED', 'PATCH', `/api/tasks/${task.task_id}`, update);
      }
      assert.deepEqual(await scenario.tasksOf(session), tasks);
      assert.equal((await scenario.readSession(session.session_id)).current_task_id, null);
    });
  }

  for (const status of ['paused', 'stalled'] as const) {
    it(`under a ${status} session tasks are created, started and completed`, async () => {
      const session = await scenario.sessionIn(status);
      const task = await scenario.taskIn(session, 'completed');
      assert.equal(task.status, 'completed');
      assert.equal((await scenario.readSession(session.session_id)).status, status);
    });
  }

  it('what was running when its session was completed may still be reported as done', async () => {
    const session = await scenario.session();
    const task = await scenario.taskIn(session, 'in_progress');
    const completed = await scenario.update(session, { status: 'completed' });
    assert.equal((await scenario.updateTask(task, { status: 'completed' })).status, 'completed');
    assert.deepEqual(await scenario.readSession(session.session_id), completed);
  });
});
