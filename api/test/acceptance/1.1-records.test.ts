import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { Machine, Session, Task } from '@claude-projects/shared/contract';
import { fieldsOf, refused } from '../support/refused.ts';
import { Scenario } from '../support/scenario.ts';
import { startTestApi, type TestApi } from '../support/test-api.ts';

describe('1.1 the records as the API shows them', () => {
  let api: TestApi;
  let scenario: Scenario;
  before(async () => {
    api = await startTestApi();
    scenario = new Scenario(api);
  });
  after(() => api.close());

  it('AC-1.1.a a session has every field of the record, each of its type, and none of the engine', async () => {
    const created = await scenario.session({ docker_slot: 3, metadata: { editor: 'vscode' } });
    for (const session of [created, await scenario.readSession(created.session_id)]) {
      assert.deepEqual(Object.keys(session).sort(), Object.keys(Session.shape).sort());
      assert.deepEqual(Session.parse(session), session);
    }
  });

  for (const field of ['project_id', 'machine_id']) {
    it(`AC-1.1.a a session without ${field} is refused, and so is an empty or a numeric one`, async () => {
      const whole = { project_id: randomUUID(), machine_id: randomUUID() };
      for (const value of [undefined, null, '', '   ', 7]) {
        const error = await refused(api, 'VALIDATION_FAILED', 'POST', '/api/sessions', { ...whole, [field]: value });
        assert.deepEqual([...new Set(fieldsOf(error))], [field]);
      }
    });
  }

  it('AC-1.1.b a task has every field of the record, each of its type, and none of the engine', async () => {
    const created = await scenario.task(await scenario.session());
    for (const task of [created, await scenario.readTask(created.task_id)]) {
      assert.deepEqual(Object.keys(task).sort(), Object.keys(Task.shape).sort());
      assert.deepEqual(Task.parse(task), task);
    }
  });

  for (const field of ['session_id', 'project_id', 'task_name']) {
    it(`AC-1.1.b a task without ${field} is refused`, async () => {
      const { session_id, project_id } = await scenario.session();
      const body = { session_id, project_id, task_name: 'a task', [field]: undefined };
      const error = await refused(api, 'VALIDATION_FAILED', 'POST', '/api/tasks', body);
      assert.deepEqual(fieldsOf(error), [field]);
    });
  }

  it('AC-1.1.c a machine has every field of the record, each of its type, and none of the engine', async () => {
    const created = await scenario.machine(randomUUID(), [1, 2]);
    for (const machine of [created, await scenario.readMachine(created.machine_id)]) {
      assert.deepEqual(Object.keys(machine).sort(), Object.keys(Machine.shape).sort());
      assert.deepEqual(Machine.parse(machine), machine);
    }
  });

  for (const field of ['hostname', 'docker_slots']) {
    it(`AC-1.1.c a machine without ${field} is refused`, async () => {
      const body = { hostname: 'host', docker_slots: [], [field]: undefined };
      const error = await refused(api, 'VALIDATION_FAILED', 'POST', '/api/machines', body);
      assert.deepEqual(fieldsOf(error), [field]);
    });
  }

  it('AC-1.1.c docker_slots that are no list of different slot numbers are refused', async () => {
    for (const docker_slots of ['1,2', 5, [-1], [1.5], ['1'], [2, 2]]) {
      await refused(api, 'VALIDATION_FAILED', 'POST', '/api/machines', { hostname: 'host', docker_slots });
    }
  });

  it('AC-1.1.d each status of the record is accepted by the filter, and any other is refused', async () => {
    const known = {
      sessions: ['active', 'paused', 'completed', 'failed', 'stalled'],
      tasks: ['pending', 'in_progress', 'completed', 'failed', 'blocked'],
      machines: ['online', 'offline', 'maintenance'],
    };
    for (const [collection, statuses] of Object.entries(known)) {
      for (const status of statuses) {
        assert.equal((await api.call('GET', `/api/${collection}?status=${status}`)).status, 200);
      }
      const error = await refused(api, 'VALIDATION_FAILED', 'GET', `/api/${collection}?status=running`);
      assert.deepEqual(fieldsOf(error), ['status']);
    }
  });

  it('AC-1.1.d a status outside the enum is not written', async () => {
    const session = await scenario.session();
    const task = await scenario.task(session);
    const machine = await scenario.machine();
    const paths = [
      `/api/sessions/${session.session_id}`,
      `/api/tasks/${task.task_id}`,
      `/api/machines/${machine.machine_id}`,
    ];
    for (const path of paths) {
      for (const status of ['running', 'ACTIVE', '', null, 1]) {
        const error = await refused(api, 'VALIDATION_FAILED', 'PATCH', path, { status });
        assert.deepEqual(fieldsOf(error), ['status']);
      }
    }
    assert.deepEqual(await scenario.readSession(session.session_id), session);
  });

  it('metadata the contract forbids is refused by name, and what merging would make too large leaves no trace', async () => {
    const session = await scenario.session({ metadata: { kept: true } });
    const path = `/api/sessions/${session.session_id}`;
    for (const key of ['$set', 'a.b', '__proto__', 'constructor', 'prototype']) {
      const body = `{"metadata":{"inner":{"${key}":1}}}`;
      const error = await refused(api, 'VALIDATION_FAILED', 'PATCH', path, body);
      assert.deepEqual(fieldsOf(error), [`metadata.inner.${key}`]);
    }
    await refused(api, 'VALIDATION_FAILED', 'PATCH', path, { metadata: [] });
    await scenario.update(session, { metadata: { first: 'x'.repeat(40_000) } });
    const before = await scenario.readSession(session.session_id);
    const tooMuch = { metadata: { second: 'y'.repeat(40_000) } };
    await refused(api, 'VALIDATION_FAILED', 'PATCH', path, tooMuch);
    await refused(api, 'VALIDATION_FAILED', 'POST', `${path}/heartbeat`, tooMuch);
    await refused(api, 'VALIDATION_FAILED', 'POST', `${path}/mark-failed`, { error_message: 'x', ...tooMuch });
    assert.deepEqual(await scenario.readSession(session.session_id), before);
  });
});
