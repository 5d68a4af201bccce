import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { LIMITS, type Task, type TaskList } from '@claude-projects/shared/contract';
import { MINUTE } from '../support/fake-clock.ts';
import { fieldsOf, refused } from '../support/refused.ts';
import { Scenario } from '../support/scenario.ts';
import { startTestApi, type TestApi } from '../support/test-api.ts';

describe('3.1 tasks', () => {
  let api: TestApi;
  let scenario: Scenario;
  before(async () => {
    api = await startTestApi();
    scenario = new Scenario(api);
  });
  after(() => api.close());

  const currentTask = async (sessionId: string) => (await scenario.readSession(sessionId)).current_task_id;

  it('AC-3.1.a a task is created with an id of its own, pending, dated now', async () => {
    const { session_id, project_id } = await scenario.session();
    const input = { session_id, project_id, task_name: 'write', github_issue_id: '17', metadata: { size: 'S' } };
    const { status, body } = await api.call<Task>('POST', '/api/tasks', input);
    const now = api.clock.now().toISOString();
    assert.equal(status, 201);
    assert.match(body.task_id, /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    assert.deepEqual(body, {
      ...input,
      task_id: body.task_id,
      status: 'pending',
      position: 0,
      started_at: null,
      completed_at: null,
      error_message: null,
      created_at: now,
      updated_at: now,
    });
    assert.deepEqual(await scenario.readTask(body.task_id), body);
  });

  it('AC-3.1.b a task of a session that does not exist is 400', async () => {
    const task = { project_id: randomUUID(), task_name: 'x' };
    const unknown = { ...task, session_id: randomUUID() };
    assert.deepEqual(fieldsOf(await refused(api, 'UNKNOWN_SESSION', 'POST', '/api/tasks', unknown)), ['session_id']);
    const malformed = { ...task, session_id: 'invalid-uuid' };
    assert.deepEqual(fieldsOf(await refused(api, 'VALIDATION_FAILED', 'POST', '/api/tasks', malformed)), [
      'session_id',
    ]);
  });

  it('AC-3.1.c a task that starts is dated', async () => {
    const task = await scenario.task(await scenario.session());
    api.clock.advance(MINUTE);
    const now = api.clock.now().toISOString();
    await scenario.updateTask(task, { status: 'in_progress' });
    const expected = { ...task, status: 'in_progress', started_at: now, updated_at: now };
    assert.deepEqual(await scenario.readTask(task.task_id), expected);
  });

  it('AC-3.1.d a task that is completed is dated, and found among the completed ones', async () => {
    const session = await scenario.session();
    const running = await scenario.taskIn(session, 'in_progress');
    api.clock.advance(MINUTE);
    const now = api.clock.now().toISOString();
    await scenario.updateTask(running, { status: 'completed' });
    const completed = { ...running, status: 'completed', completed_at: now, updated_at: now };
    assert.deepEqual(await scenario.readTask(running.task_id), completed);
    const path = `/api/tasks?session_id=${session.session_id}&status=completed`;
    assert.deepEqual((await api.call<TaskList>('GET', path)).body.tasks, [completed]);
  });

  it('AC-3.1.e a task that starts is the current one of its session', async () => {
    const session = await scenario.session();
    const first = await scenario.taskIn(session, 'in_progress');
    assert.equal(await currentTask(session.session_id), first.task_id);
    const second = await scenario.taskIn(session, 'in_progress');
    assert.equal(await currentTask(session.session_id), second.task_id);
  });

  it('a task that ends is the current one no longer, unless another has become it', async () => {
    for (const end of [{ status: 'completed' }, { status: 'failed', error_message: 'it broke' }] as const) {
      const session = await scenario.session();
      const first = await scenario.taskIn(session, 'in_progress');
      const second = await scenario.taskIn(session, 'in_progress');
      await scenario.updateTask(first, end);
      assert.equal(await currentTask(session.session_id), second.task_id);
      await scenario.updateTask(second, end);
      assert.equal(await currentTask(session.session_id), null);
    }
  });

  it('a task that is deleted is the current one no longer', async () => {
    const session = await scenario.session();
    const task = await scenario.taskIn(session, 'in_progress');
    assert.equal((await api.call('DELETE', `/api/tasks/${task.task_id}`)).status, 204);
    assert.equal(await currentTask(session.session_id), null);
    await refused(api, 'TASK_NOT_FOUND', 'GET', `/api/tasks/${task.task_id}`);
    await refused(api, 'TASK_NOT_FOUND', 'DELETE', `/api/tasks/${task.task_id}`);
  });

  it('a deletion touches its session while that lives, also where the task was not the current one', async () => {
    const [live, ended] = [await scenario.session(), await scenario.session()];
    const tasks = [await scenario.task(live), await scenario.task(ended)];
    const before = await scenario.update(ended, { status: 'completed' });
    api.clock.advance(MINUTE);
    for (const { task_id } of tasks) assert.equal((await api.call('DELETE', `/api/tasks/${task_id}`)).status, 204);
    assert.equal((await scenario.readSession(live.session_id)).updated_at, api.clock.now().toISOString());
    assert.deepEqual(await scenario.readSession(ended.session_id), before);
  });

  for (const status of ['pending', 'in_progress', 'blocked', 'completed', 'failed'] as const) {
    it(`a ${status} task takes another name, twice as well as once, and touches its session once`, async () => {
      const session = await scenario.session();
      const task = await scenario.taskIn(session, status);
      api.clock.advance(MINUTE);
      const renamed_at = api.clock.now().toISOString();
      const renamed = { ...task, task_name: 'Write the tests', updated_at: renamed_at };
      assert.deepEqual(await scenario.updateTask(task, { task_name: 'Write the tests' }), renamed);
      assert.deepEqual(await scenario.readTask(task.task_id), renamed);
      const touchedAt = async () => (await scenario.readSession(session.session_id)).updated_at;
      assert.equal(await touchedAt(), renamed_at);
      api.clock.advance(MINUTE);
      const again = await scenario.updateTask(task, { task_name: 'Write the tests' });
      assert.deepEqual({ ...again, updated_at: renamed_at }, renamed);
      assert.equal(await touchedAt(), renamed_at);
    });
  }

  it('a task takes a name and a step at once, and neither where the step is refused', async () => {
    const task = await scenario.task(await scenario.session());
    const started = await scenario.updateTask(task, { task_name: 'Write the tests', status: 'in_progress' });
    assert.deepEqual([started.task_name, started.status], ['Write the tests', 'in_progress']);
    const back = { task_name: 'Plan it', status: 'pending' };
    await refused(api, 'INVALID_TRANSITION', 'PATCH', `/api/tasks/${task.task_id}`, back);
    assert.deepEqual(await scenario.readTask(task.task_id), started);
  });

  it('a name that is none is refused, and so is one from a session whose task went on elsewhere', async () => {
    const session = await scenario.session();
    const task = await scenario.task(session);
    const path = `/api/tasks/${task.task_id}`;
    for (const task_name of [' ', 'x'.repeat(LIMITS.taskNameLength + 1), null, 7]) {
      const error = await refused(api, 'VALIDATION_FAILED', 'PATCH', path, { task_name });
      assert.deepEqual(fieldsOf(error), ['task_name']);
    }
    await scenario.recovered(await scenario.failed(session));
    await refused(api, 'SESSION_ENDED', 'PATCH', path, { session_id: session.session_id, task_name: 'Late' });
    assert.equal((await scenario.readTask(task.task_id)).task_name, task.task_name);
  });

  it('a creation that is repeated after a change of name gives the task as it is', async () => {
    const { session_id, project_id } = await scenario.session();
    const input = { task_id: randomUUID(), session_id, project_id, task_name: 'Write' };
    const { body: task } = await api.call<Task>('POST', '/api/tasks', input);
    const renamed = await scenario.updateTask(task, { task_name: 'Write the tests' });
    assert.deepEqual(await api.call<Task>('POST', '/api/tasks', input).then(({ body }) => body), renamed);
  });

  it('AC-3.1.f of two tasks of one session and one of another, ?session_id gives exactly the two', async () => {
    const [one, other] = [await scenario.session(), await scenario.session()];
    const tasks = [await scenario.task(one), await scenario.task(one)];
    await scenario.task(other);
    const { status, body } = await api.call<TaskList>('GET', `/api/tasks?session_id=${one.session_id}`);
    assert.equal(status, 200);
    assert.deepEqual(body, { tasks, total: 2, limit: 50, offset: 0 });
  });

  it('lists of tasks are filtered by project and status, in order of position, page by page', async () => {
    const session = await scenario.session();
    const { project_id } = session;
    const names = ['a', 'b', 'c', 'd'];
    for (const name of names) await scenario.task(session, name);
    await scenario.taskIn(session, 'blocked', 'e');
    const list = async (query: string) => (await api.call<TaskList>('GET', `/api/tasks?${query}`)).body;
    const pending = await list(`project_id=${project_id}&status=pending&limit=2&offset=1`);
    assert.deepEqual([pending.tasks.map((task) => task.task_name), pending.total], [['b', 'c'], 4]);
    assert.deepEqual(
      (await list(`project_id=${project_id}`)).tasks.map((task) => task.position),
      [0, 1, 2, 3, 4],
    );
    assert.equal((await list(`session_id=${randomUUID()}`)).total, 0);
    assert.equal((await list('limit=200')).limit, 200);
    for (const [query, field] of [
      ['limit=201', 'limit'],
      ['status=done', 'status'],
      ['colour=red', 'colour'],
    ]) {
      const error = await refused(api, 'VALIDATION_FAILED', 'GET', `/api/tasks?${query ?? ''}`);
      assert.deepEqual(fieldsOf(error), [field]);
    }
  });

  it('AC-3.1.g a failure without an error_message is refused, and changes nothing', async () => {
    const running = await scenario.taskIn(await scenario.session(), 'in_progress');
    const path = `/api/tasks/${running.task_id}`;
    const error = await refused(api, 'VALIDATION_FAILED', 'PATCH', path, { status: 'failed' });
    assert.deepEqual(fieldsOf(error), ['error_message']);
    assert.deepEqual(await scenario.readTask(running.task_id), running);
    const failed = await scenario.updateTask(running, { status: 'failed', error_message: 'no network' });
    assert.equal(failed.error_message, 'no network');
    assert.equal(failed.completed_at, api.clock.now().toISOString());
  });

  it('an error_message without a failure is refused', async () => {
    const task = await scenario.task(await scenario.session());
    for (const update of [{ error_message: 'x' }, { status: 'in_progress', error_message: 'x' }]) {
      const error = await refused(api, 'VALIDATION_FAILED', 'PATCH', `/api/tasks/${task.task_id}`, update);
      assert.deepEqual(fieldsOf(error), ['error_message']);
    }
  });

  it('the metadata of a task is merged key by key', async () => {
    const task = await scenario.task(await scenario.session());
    await scenario.updateTask(task, { metadata: { a: 1, b: { c: 1 } } });
    const blocked = await scenario.updateTask(task, { status: 'blocked', metadata: { b: 'waits for a review' } });
    assert.deepEqual(blocked.metadata, { a: 1, b: 'waits for a review' });
  });

  it('a task that does not exist is 404', async () => {
    for (const id of [randomUUID(), 'invalid-uuid']) {
      await refused(api, 'TASK_NOT_FOUND', 'GET', `/api/tasks/${id}`);
      await refused(api, 'TASK_NOT_FOUND', 'PATCH', `/api/tasks/${id}`, { status: 'in_progress' });
      await refused(api, 'TASK_NOT_FOUND', 'DELETE', `/api/tasks/${id}`);
    }
  });

  it('of many tasks created at once each has a position of its own', async () => {
    const session = await scenario.session();
    await Promise.all(Array.from({ length: 10 }, async () => scenario.task(session)));
    const positions = (await scenario.tasksOf(session)).map((task) => task.position);
    assert.deepEqual(positions, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });
});
