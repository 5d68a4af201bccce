import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { Session, SessionList, Task } from '@claude-projects/shared/contract';
import { MINUTE } from '../support/fake-clock.ts';
import { fieldsOf, refused } from '../support/refused.ts';
import { Scenario } from '../support/scenario.ts';
import { startTestApi, type TestApi } from '../support/test-api.ts';

const sessionToCreate = () => ({
  session_id: randomUUID(),
  project_id: randomUUID(),
  machine_id: randomUUID(),
  docker_slot: 4,
  metadata: { editor: 'vscode', list: [1, { two: 2 }] },
});

describe('2.1 ids that clients make', () => {
  let api: TestApi;
  let scenario: Scenario;
  before(async () => {
    api = await startTestApi();
    scenario = new Scenario(api);
  });
  after(() => api.close());

  async function repeat(create: object): Promise<Session> {
    const { status, body } = await api.call<Session>('POST', '/api/sessions', create);
    assert.equal(status, 200, JSON.stringify(body));
    return body;
  }

  it('a create that is sent again is answered with what it created, and creates nothing', async () => {
    const create = sessionToCreate();
    const created = await scenario.session(create);
    assert.equal(created.session_id, create.session_id);
    assert.deepEqual(await repeat(create), created);
    assert.deepEqual(await repeat({ ...create, occurred_at: '2026-01-01T00:00:00Z' }), created);
    const { metadata, ...rest } = create;
    const reordered = { metadata: { list: metadata.list, editor: metadata.editor }, ...rest };
    assert.deepEqual(await repeat(reordered), created);
    const { body } = await api.call<SessionList>('GET', `/api/sessions?project_id=${create.project_id}`);
    assert.equal(body.total, 1);
  });

  it('of many creates with one id at once, one creates and all give the same session', async () => {
    const create = sessionToCreate();
    const replies = await Promise.all(
      Array.from({ length: 10 }, async () => api.call<Session>('POST', '/api/sessions', create)),
    );
    assert.deepEqual(replies.map((reply) => String(reply.status)).sort(), [...Array<string>(9).fill('200'), '201']);
    for (const { body } of replies) assert.deepEqual(body, replies[0]?.body);
  });

  it('a repeat gives the session as it is by then: patched, ended, its place taken by another', async () => {
    const create = sessionToCreate();
    const session = await scenario.session(create);
    const patched = await scenario.update(session, { metadata: { editor: 'other', more: true } });
    assert.deepEqual(await repeat(create), patched);
    api.clock.advance(MINUTE);
    const completed = await scenario.update(session, { status: 'completed' });
    assert.deepEqual(await repeat(create), completed);
    await scenario.session({ ...create, session_id: randomUUID() });
    assert.deepEqual(await repeat(create), completed);
  });

  it('the same id with other content is refused, and changes nothing', async () => {
    const create = sessionToCreate();
    const created = await scenario.session(create);
    for (const other of [
      { project_id: randomUUID() },
      { machine_id: randomUUID() },
      { docker_slot: 5 },
      { docker_slot: undefined },
      { metadata: undefined },
      { metadata: { editor: 'vscode', list: [{ two: 2 }, 1] } },
    ]) {
      await refused(api, 'ID_REUSED', 'POST', '/api/sessions', { ...create, ...other });
    }
    assert.deepEqual(await scenario.readSession(create.session_id), created);
  });

  it('an id that is no UUID v4 is refused', async () => {
    for (const session_id of ['mine', '', 'c232ab00-9414-11ec-b3c8-9e6bdeced846']) {
      const body = { ...sessionToCreate(), session_id };
      assert.deepEqual(fieldsOf(await refused(api, 'VALIDATION_FAILED', 'POST', '/api/sessions', body)), [
        'session_id',
      ]);
    }
  });

  it('a task that is created again is answered with what was created, moved on or not, its session ended or not', async () => {
    const session = await scenario.session();
    const { session_id, project_id } = session;
    const create = { task_id: randomUUID(), session_id, project_id, task_name: 'once', metadata: { a: 1 } };
    const post = async () => api.call<Task>('POST', '/api/tasks', create);
    const first = await post();
    assert.equal(first.status, 201);
    assert.equal(first.body.task_id, create.task_id);
    assert.deepEqual(await post().then(({ status, body }) => ({ status, body })), { status: 200, body: first.body });
    const started = await scenario.updateTask(first.body, { status: 'in_progress', metadata: { a: 2 } });
    assert.deepEqual((await post()).body, started);
    await scenario.update(session, { status: 'completed' });
    const { status, body } = await post();
    assert.equal(status, 200);
    assert.deepEqual(body, started);
    assert.equal((await scenario.tasksOf(session)).length, 1);
  });

  it('of many creates of one task at once, one creates and all give the same task', async () => {
    const { session_id, project_id } = await scenario.session();
    const create = { task_id: randomUUID(), session_id, project_id, task_name: 'once' };
    const replies = await Promise.all(
      Array.from({ length: 10 }, async () => api.call<Task>('POST', '/api/tasks', create)),
    );
    assert.deepEqual(replies.map((reply) => String(reply.status)).sort(), [...Array<string>(9).fill('200'), '201']);
    for (const { body } of replies) assert.deepEqual(body, replies[0]?.body);
  });

  it("a task's id with other content is refused", async () => {
    const { session_id, project_id } = await scenario.session();
    const create = { task_id: randomUUID(), session_id, project_id, task_name: 'once' };
    assert.equal((await api.call('POST', '/api/tasks', create)).status, 201);
    const elsewhere = await scenario.session();
    for (const other of [
      { task_name: 'twice' },
      { session_id: elsewhere.session_id },
      { github_issue_id: '17' },
      { metadata: { a: 1 } },
    ]) {
      await refused(api, 'ID_REUSED', 'POST', '/api/tasks', { ...create, ...other });
    }
    assert.equal((await scenario.readTask(create.task_id)).task_name, 'once');
  });
});
