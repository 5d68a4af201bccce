import assert from 'node:assert/strict';
import type { TaskRecord } from '../../../src/storage/records.ts';
import type { Storage, TaskFilter } from '../../../src/storage/storage.ts';
import { aTask, at, FAR_AHEAD, uniqueId } from './builders.ts';
import { times } from './harness.ts';

const everything = { limit: 200, offset: 0 };
const NOT_RUNNING = ['pending', 'completed', 'failed', 'blocked'] as const;

function idsOf(tasks: readonly TaskRecord[]): string[] {
  return tasks.map((task) => task.task_id);
}

export function describeTaskLists(storage: () => Storage): void {
  const inserted = async (tasks: readonly TaskRecord[]): Promise<void> => {
    for (const task of tasks) await storage().tasks.insert(task);
  };

  describe('the list of tasks', () => {
    it('goes by session, then position, then id', async () => {
      const project_id = uniqueId('project');
      const [session = '', laterSession = ''] = times(2, () => uniqueId('session')).sort();
      const [a = '', b = ''] = times(2, () => uniqueId('task')).sort();
      const expected = [
        aTask({ project_id, session_id: session, position: 2, created_at: at(9) }),
        aTask({ project_id, session_id: session, position: 10, task_id: a, metadata: { a: { b: null } } }),
        aTask({ project_id, session_id: session, position: 10, task_id: b }),
        aTask({ project_id, session_id: laterSession, position: 0 }),
      ];
      await inserted(expected.toReversed());
      assert.deepEqual(await storage().tasks.list({ project_id }, everything), { records: expected, total: 4 });
    });

    it('comes in pages, and says how many there are in all', async () => {
      const session_id = uniqueId('session');
      const tasks = times(5, (position) => aTask({ session_id, position }));
      await inserted(tasks);
      const paged: TaskRecord[] = [];
      for (const offset of [0, 2, 4]) {
        const { records, total } = await storage().tasks.list({ session_id }, { limit: 2, offset });
        assert.equal(total, 5);
        paged.push(...records);
      }
      assert.deepEqual(paged, tasks);
      const beyond = await storage().tasks.list({ session_id }, { limit: 2, offset: 5 });
      assert.deepEqual(beyond, { records: [], total: 5 });
    });

    it('is filtered by all that is asked', async () => {
      const [project_id, session_id] = [uniqueId('project'), uniqueId('session')];
      const both = aTask({ project_id, session_id, position: 0 });
      const running = aTask({ project_id, session_id, position: 1, status: 'in_progress' });
      const ofProject = aTask({ project_id, session_id: `${session_id} later` });
      const ofSession = aTask({ session_id, position: 2 });
      await inserted([ofSession, ofProject, running, both]);
      const cases: [TaskFilter, TaskRecord[]][] = [
        [{ project_id }, [both, running, ofProject]],
        [{ session_id }, [both, running, ofSession]],
        [{ project_id, session_id }, [both, running]],
        [{ project_id, status: 'in_progress' }, [running]],
        [{ project_id, session_id, status: 'pending' }, [both]],
        [{ project_id, session_id: undefined, status: undefined }, [both, running, ofProject]],
        [{ session_id, status: 'blocked' }, []],
        [{ session_id: '' }, []],
      ];
      for (const [filter, expected] of cases) {
        const { records, total } = await storage().tasks.list(filter, everything);
        assert.deepEqual(idsOf(records), idsOf(expected));
        assert.equal(total, expected.length);
      }
    });

    it('reaches the tasks of all sessions where nothing is asked', async () => {
      const { total } = await storage().tasks.list({}, { limit: 1, offset: 0 });
      await inserted([aTask(), aTask()]);
      const found = await storage().tasks.list({}, { limit: 1, offset: 0 });
      assert.equal(found.total, total + 2);
      assert.equal(found.records.length, 1);
    });
  });

  describe('the tasks of a session', () => {
    it('come all, in their order', async () => {
      const session_id = uniqueId('session');
      const tasks = times(250, (position) => aTask({ session_id, position }));
      await Promise.all([...tasks, aTask()].map((task) => storage().tasks.insert(task)));
      assert.deepEqual(await storage().tasks.listOfSession(session_id), tasks);
      assert.deepEqual(await storage().tasks.listOfSession(uniqueId('session')), []);
    });

    it('fail together, those that run', async () => {
      const session_id = uniqueId('session');
      const running = times(3, (position) =>
        aTask({ session_id, position, status: 'in_progress', started_at: at(1), metadata: { a: null } }),
      );
      const spared = [
        ...NOT_RUNNING.map((status) => aTask({ session_id, position: 5, status })),
        aTask({ status: 'in_progress' }),
      ];
      await inserted([...spared, ...running]);
      const { tasks } = storage();
      assert.equal(await tasks.failRunning(session_id, at(7), '$why "not"'), 3);
      for (const task of running) {
        const failed = { status: 'failed', completed_at: at(7), updated_at: at(7), error_message: '$why "not"' };
        assert.deepEqual(await tasks.get(task.task_id), { ...task, ...failed });
      }
      for (const task of spared) assert.deepEqual(await tasks.get(task.task_id), task);
      assert.equal(await tasks.failRunning(session_id, at(8), 'again'), 0);
      assert.equal(await tasks.failRunning(uniqueId('session'), at(8), 'nothing'), 0);
    });

    it('get an expiry together and lose it, and nothing else changes', async () => {
      const session_id = uniqueId('session');
      const own = [...NOT_RUNNING, 'in_progress' as const].map((status, position) =>
        aTask({ session_id, position, status, updated_at: at(3) }),
      );
      const other = aTask();
      await inserted([...own, other]);
      const { tasks } = storage();
      await tasks.setExpiry(session_id, FAR_AHEAD);
      assert.deepEqual(
        await tasks.listOfSession(session_id),
        own.map((task) => ({ ...task, expires_at: FAR_AHEAD })),
      );
      await tasks.setExpiry(session_id, null);
      assert.deepEqual(await tasks.listOfSession(session_id), own);
      assert.deepEqual(await tasks.get(other.task_id), other);
      await tasks.setExpiry(uniqueId('session'), FAR_AHEAD);
    });

    it('are deleted together', async () => {
      const session_id = uniqueId('session');
      const other = aTask();
      await inserted([...times(4, (position) => aTask({ session_id, position })), other]);
      const { tasks } = storage();
      assert.equal(await tasks.deleteOfSession(session_id), 4);
      assert.deepEqual(await tasks.listOfSession(session_id), []);
      assert.equal(await tasks.deleteOfSession(session_id), 0);
      assert.deepEqual(await tasks.get(other.task_id), other);
    });
  });
}
