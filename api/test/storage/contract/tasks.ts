import assert from 'node:assert/strict';
import type { TaskRecord } from '../../../src/storage/records.ts';
import type { Storage, TaskChanges, TaskGuard } from '../../../src/storage/storage.ts';
import { AWKWARD_METADATA, AWKWARD_TEXT, aTask, at, FAR_AHEAD, FARTHER_AHEAD, uniqueId } from './builders.ts';
import { violates } from './harness.ts';

const SETS: TaskChanges['set'][] = [
  { session_id: uniqueId('session') },
  { project_id: uniqueId('project') },
  { github_issue_id: '42' },
  { task_name: AWKWARD_TEXT },
  { status: 'in_progress' },
  { status: 'completed' },
  { status: 'failed' },
  { status: 'blocked' },
  { position: 7 },
  { started_at: at(1) },
  { completed_at: at(2) },
  { error_message: '$error' },
  { error_message: '' },
  { expires_at: FAR_AHEAD },
  { updated_at: at(3) },
  { session_id: uniqueId('session'), position: 0, status: 'pending', started_at: null, updated_at: at(4) },
];

const GUARDS: { title: string; given: Partial<TaskRecord>; guard: TaskGuard; holds: boolean }[] = [
  { title: 'no condition', given: { status: 'failed' }, guard: {}, holds: true },
  { title: 'the status', given: { status: 'blocked' }, guard: { status: ['blocked'] }, holds: true },
  { title: 'one of several', given: {}, guard: { status: ['blocked', 'pending'] }, holds: true },
  { title: 'another status', given: { status: 'failed' }, guard: { status: ['pending', 'blocked'] }, holds: false },
  { title: 'a status out of none', given: {}, guard: { status: [] }, holds: false },
  { title: 'its session', given: { session_id: 'its own' }, guard: { sessionId: 'its own' }, holds: true },
  { title: 'another session', given: { session_id: 'its own' }, guard: { sessionId: 'Its own' }, holds: false },
  {
    title: 'both',
    given: { session_id: 'its own' },
    guard: { sessionId: 'its own', status: ['pending'] },
    holds: true,
  },
  {
    title: 'its session, another status',
    given: { session_id: 'its own' },
    guard: { sessionId: 'its own', status: ['failed'] },
    holds: false,
  },
  {
    title: 'its status, another session',
    given: { session_id: 'its own' },
    guard: { sessionId: 'x', status: ['pending'] },
    holds: false,
  },
];

export function describeTasks(storage: () => Storage): void {
  const inserted = async (given: Partial<TaskRecord> = {}): Promise<TaskRecord> => {
    const task = aTask(given);
    await storage().tasks.insert(task);
    return task;
  };

  describe('task records', () => {
    it('come back as they were inserted, with every field filled', async () => {
      const task = await inserted({
        github_issue_id: AWKWARD_TEXT,
        task_name: AWKWARD_TEXT,
        status: 'failed',
        position: 12_345,
        started_at: at(1),
        completed_at: at(2),
        error_message: AWKWARD_TEXT,
        metadata: AWKWARD_METADATA,
        created_from: 'another digest',
        expires_at: FAR_AHEAD,
        created_at: at(3),
        updated_at: at(4),
      });
      assert.deepEqual(await storage().tasks.get(task.task_id), task);
    });

    it('come back as they were inserted, with every field that may be empty empty', async () => {
      const task = await inserted();
      assert.deepEqual(await storage().tasks.get(task.task_id), task);
    });

    it('tell an empty text and no text apart', async () => {
      const task = await inserted({ github_issue_id: '', error_message: '' });
      assert.deepEqual(await storage().tasks.get(task.task_id), task);
    });

    it('have an id of their own', async () => {
      const task = await inserted();
      await violates(storage().tasks.insert(task), 'task_id');
      await violates(storage().tasks.insert(aTask({ task_id: task.task_id })), 'task_id');
      assert.deepEqual(await storage().tasks.get(task.task_id), task);
    });

    it('may share a position', async () => {
      const task = await inserted();
      await inserted({ session_id: task.session_id, position: task.position });
    });

    it('are given back by the one call that deletes them', async () => {
      const [task, other] = [await inserted(), await inserted()];
      assert.deepEqual(await storage().tasks.delete(task.task_id), task);
      assert.equal(await storage().tasks.get(task.task_id), null);
      assert.equal(await storage().tasks.delete(task.task_id), null);
      assert.deepEqual(await storage().tasks.get(other.task_id), other);
    });
  });

  describe('the guard of a task update', () => {
    for (const { title, given, guard, holds } of GUARDS) {
      it(`${holds ? 'holds' : 'fails'}: ${title}`, async () => {
        const task = await inserted({ ...given, metadata: { kept: true } });
        const changed = { ...task, error_message: 'set', metadata: { kept: true, new: 1 } };
        const changes = { set: { error_message: 'set' }, mergeMetadata: { new: 1 } };
        assert.deepEqual(await storage().tasks.update(task.task_id, guard, changes), holds ? changed : null);
        assert.deepEqual(await storage().tasks.get(task.task_id), holds ? changed : task);
      });
    }

    it('never makes a task that does not exist', async () => {
      const { task_id } = aTask();
      const changes = { set: { error_message: 'set' }, mergeMetadata: { a: 1 } };
      assert.equal(await storage().tasks.update(task_id, {}, changes), null);
      assert.equal(await storage().tasks.get(task_id), null);
    });
  });

  describe('a task update', () => {
    for (const set of SETS) {
      it(`sets ${JSON.stringify(set)} and nothing else`, async () => {
        const task = await inserted({ metadata: { kept: null }, position: 3 });
        assert.deepEqual(await storage().tasks.update(task.task_id, {}, { set }), { ...task, ...set });
        assert.deepEqual(await storage().tasks.get(task.task_id), { ...task, ...set });
      });
    }

    it('empties what may be empty', async () => {
      const task = await inserted({
        github_issue_id: '1',
        started_at: at(1),
        completed_at: at(2),
        error_message: 'x',
        expires_at: FARTHER_AHEAD,
      });
      const set = {
        github_issue_id: null,
        started_at: null,
        completed_at: null,
        error_message: null,
        expires_at: null,
      };
      assert.deepEqual(await storage().tasks.update(task.task_id, {}, { set }), { ...task, ...set });
    });

    it('may change nothing', async () => {
      const task = await inserted({ metadata: { kept: 1 } });
      assert.deepEqual(await storage().tasks.update(task.task_id, {}, { set: {} }), task);
      assert.deepEqual(await storage().tasks.update(task.task_id, {}, { set: {}, mergeMetadata: {} }), task);
    });

    it('merges metadata at the top level only', async () => {
      const task = await inserted({ metadata: { kept: 'a', replaced: { lost: 1 }, emptied: 2 } });
      const mergeMetadata = { replaced: { inner: '$x' }, emptied: null, new: { deep: null } };
      const updated = await storage().tasks.update(task.task_id, {}, { set: {}, mergeMetadata });
      assert.deepEqual(updated, { ...task, metadata: { kept: 'a', ...mergeMetadata } });
    });

    it('merges any metadata', async () => {
      const task = await inserted({ metadata: { kept: 'a' } });
      const changes = { set: {}, mergeMetadata: AWKWARD_METADATA };
      const updated = await storage().tasks.update(task.task_id, {}, changes);
      assert.deepEqual(updated?.metadata, { kept: 'a', ...AWKWARD_METADATA });
      assert.deepEqual(await storage().tasks.get(task.task_id), updated);
    });
  });
}
