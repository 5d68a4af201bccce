import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { Machine, Session, Task } from '@claude-projects/shared/contract';
import type { Storage, Stores } from '../../src/storage/storage.ts';
import { DAY, MINUTE } from '../support/fake-clock.ts';
import { overriding } from '../support/overriding.ts';
import { refused } from '../support/refused.ts';
import { Scenario } from '../support/scenario.ts';
import { startTestApi, type TestApi } from '../support/test-api.ts';

/** Wraps the stores a transaction works with; the transaction itself is the engine's own. */
type Fault = (stores: Stores) => Stores;

const broken = async (): Promise<never> => {
  throw new Error('the power went out');
};

const afterDeletingTasks: Fault = (stores) => ({
  ...stores,
  tasks: overriding(stores.tasks, {
    deleteOfSession: async (sessionId) => {
      await stores.tasks.deleteOfSession(sessionId);
      return broken();
    },
  }),
});

const onLeavingTheMachine: Fault = (stores) => ({
  ...stores,
  machines: overriding(stores.machines, { removeSession: broken }),
});

const onJoiningTheMachine: Fault = (stores) => ({
  ...stores,
  machines: overriding(stores.machines, { addSession: broken }),
});

describe('3.4 a transaction that breaks in the middle', () => {
  let api: TestApi;
  let scenario: Scenario;
  let fault: Fault | undefined;
  let machine: Machine;
  let session: Session;
  let tasks: Task[];

  const faulty = (storage: Storage): Storage =>
    overriding(storage, {
      transaction: (work) => storage.transaction((stores) => work(fault ? fault(pick(stores)) : stores)),
    });
  const pick = ({ sessions, tasks, machines }: Stores): Stores => ({ sessions, tasks, machines });

  beforeEach(async () => {
    fault = undefined;
    api = await startTestApi({}, { decorate: faulty });
    scenario = new Scenario(api);
    const { machine_id } = await scenario.machine();
    session = await scenario.session({ machine_id });
    for (const status of ['completed', 'pending', 'in_progress'] as const) await scenario.taskIn(session, status);
    session = await scenario.readSession(session.session_id);
    tasks = await scenario.tasksOf(session);
    machine = await scenario.readMachine(machine_id);
    assert.deepEqual([tasks.length, machine.active_sessions], [3, [session.session_id]]);
  });
  afterEach(() => api.close());

  async function nothingChanged(): Promise<void> {
    fault = undefined;
    assert.deepEqual(await scenario.readSession(session.session_id), session);
    assert.deepEqual(await scenario.tasksOf(session), tasks);
    assert.deepEqual(await scenario.readMachine(machine.machine_id), machine);
  }

  for (const [when, failing] of [
    ['after the tasks were deleted', afterDeletingTasks],
    ['after the session was deleted', onLeavingTheMachine],
  ] as const) {
    it(`AC-3.4.f a deletion that breaks ${when} leaves session, tasks and machine as they were`, async () => {
      fault = failing;
      const error = await refused(api, 'INTERNAL_ERROR', 'DELETE', `/api/sessions/${session.session_id}`);
      assert.doesNotMatch(JSON.stringify(error), /power/, 'what broke is for the log');
      await nothingChanged();
      assert.equal((await api.call('DELETE', `/api/sessions/${session.session_id}`)).status, 204);
      assert.deepEqual(await scenario.tasksOf(session), []);
    });

    it(`AC-3.4.f a cleanup that breaks ${when} leaves session and tasks as they were`, async () => {
      session = await scenario.update(session, { status: 'completed' });
      machine = await scenario.readMachine(machine.machine_id);
      api.clock.advance(31 * DAY);
      fault = failing;
      await refused(api, 'INTERNAL_ERROR', 'POST', '/api/sessions/cleanup');
      await nothingChanged();
      const { body } = await api.call('POST', '/api/sessions/cleanup');
      assert.deepEqual(body, { deleted_sessions: 1, deleted_tasks: 3 });
    });
  }

  it('a failure that cannot be written whole is not written at all', async () => {
    fault = onLeavingTheMachine;
    const path = `/api/sessions/${session.session_id}/mark-failed`;
    await refused(api, 'INTERNAL_ERROR', 'POST', path, { error_message: 'crashed' });
    await nothingChanged();
  });

  it('a recovery that breaks leaves the original and its tasks, and no successor', async () => {
    session = await scenario.update(session, { status: 'stalled' });
    machine = await scenario.readMachine(machine.machine_id);
    api.clock.advance(MINUTE);
    fault = onJoiningTheMachine;
    const path = `/api/sessions/${session.session_id}/recover`;
    await refused(api, 'INTERNAL_ERROR', 'POST', path, { new_machine_id: randomUUID() });
    await nothingChanged();
    const { body } = await api.call('GET', `/api/sessions?project_id=${session.project_id}`);
    assert.equal(body['total'], 1);
    assert.equal((await scenario.recovered(session)).recovered_from, session.session_id);
  });

  it('a session that cannot be put on the list of its machine is not created', async () => {
    fault = onJoiningTheMachine;
    const body = { project_id: randomUUID(), machine_id: machine.machine_id };
    await refused(api, 'INTERNAL_ERROR', 'POST', '/api/sessions', body);
    await nothingChanged();
    const list = await api.call('GET', `/api/sessions?project_id=${body.project_id}`);
    assert.equal(list.body['total'], 0);
  });

  it('a step of a task that its session cannot follow is not taken', async () => {
    const [, pending] = tasks;
    fault = (stores) => ({ ...stores, sessions: overriding(stores.sessions, { update: broken }) });
    const path = `/api/tasks/${pending?.task_id ?? ''}`;
    await refused(api, 'INTERNAL_ERROR', 'PATCH', path, { status: 'in_progress' });
    await nothingChanged();
  });
});

describe('3.4 a session that is archived while the cleanup is at work', () => {
  it('AC-3.4.d is not deleted, though it was on the list', async () => {
    let archive: (() => Promise<unknown>) | undefined;
    const archiving = (storage: Storage): Storage =>
      overriding(storage, {
        sessions: overriding(storage.sessions, {
          listExpired: async (completedBefore, limit) => {
            const ids = await storage.sessions.listExpired(completedBefore, limit);
            await archive?.();
            archive = undefined;
            return ids;
          },
        }),
      });
    const api = await startTestApi({}, { decorate: archiving });
    try {
      const scenario = new Scenario(api);
      const { session_id } = await scenario.sessionIn('completed');
      api.clock.advance(31 * DAY);
      archive = async () => api.call('POST', `/api/sessions/${session_id}/archive`);
      const { body } = await api.call('POST', '/api/sessions/cleanup');
      assert.deepEqual(body, { deleted_sessions: 0, deleted_tasks: 0 });
      assert.equal(archive, undefined, 'the cleanup did not look for what has expired');
      assert.equal((await scenario.readSession(session_id)).metadata['archived'], true);
    } finally {
      await api.close();
    }
  });
});
