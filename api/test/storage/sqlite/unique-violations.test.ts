import assert from 'node:assert/strict';
import { openSqliteStorage } from '../../../src/storage/sqlite/index.ts';
import type { Storage } from '../../../src/storage/storage.ts';
import { UniqueViolationError } from '../../../src/storage/storage-errors.ts';
import { aSession, aTask, at, MINUTE } from '../contract/builders.ts';
import { temporaryDirectory } from './support/directories.ts';

describe('SQLite names what is taken', () => {
  let storage: Storage;
  const inPlace = { project_id: 'p', machine_id: 'm' };

  beforeEach(() => {
    storage = openSqliteStorage({ dataDir: temporaryDirectory() });
  });

  afterEach(() => storage.close());

  async function assertTaken(write: Promise<unknown>, constraint: string): Promise<void> {
    await assert.rejects(write, (error) => {
      assert.ok(error instanceof UniqueViolationError, String(error));
      assert.equal(error.constraint, constraint);
      return true;
    });
  }

  it('the id, although a repeated create also finds its place and its slot taken', async () => {
    const session = aSession({ ...inPlace, docker_slot: 1 });
    await storage.sessions.insert(session);
    await assertTaken(storage.sessions.insert(session), 'session_id');
  });

  it('the place, with a slot or without', async () => {
    for (const docker_slot of [null, 0]) {
      await storage.sessions.insert(aSession({ ...inPlace, docker_slot }));
      await assertTaken(storage.sessions.insert(aSession({ ...inPlace, docker_slot })), 'active_place');
    }
  });

  it('the slot, by another project or by a paused session', async () => {
    await storage.sessions.insert(aSession({ ...inPlace, docker_slot: 1, status: 'paused' }));
    await assertTaken(storage.sessions.insert(aSession({ ...inPlace, docker_slot: 1 })), 'docker_slot');
    const other = aSession({ ...inPlace, project_id: 'other', docker_slot: 1 });
    await assertTaken(storage.sessions.insert(other), 'docker_slot');
  });

  it('the slot, to a paused session, which needs no place', async () => {
    await storage.sessions.insert(aSession({ ...inPlace, docker_slot: 1 }));
    const paused = aSession({ ...inPlace, docker_slot: 1, status: 'paused' });
    await assertTaken(storage.sessions.insert(paused), 'docker_slot');
  });

  it('for an update, by where it would have come to be', async () => {
    await storage.sessions.insert(aSession({ ...inPlace, docker_slot: 1 }));
    const stalled = aSession({ ...inPlace, docker_slot: 1, status: 'stalled' });
    const elsewhere = aSession({ ...inPlace, project_id: 'other', docker_slot: 2 });
    await storage.sessions.insert(stalled);
    await storage.sessions.insert(elsewhere);
    const revival = storage.sessions.update(stalled.session_id, {}, { set: { status: 'active' } });
    await assertTaken(revival, 'active_place');
    const move = storage.sessions.update(elsewhere.session_id, {}, { set: { docker_slot: 1 } });
    await assertTaken(move, 'docker_slot');
    assert.deepEqual(await storage.sessions.get(elsewhere.session_id), elsewhere);
  });

  it('for the heartbeat of a stalled session, which stays stalled', async () => {
    const stalled = aSession({ ...inPlace, status: 'stalled', stalled_at: at(MINUTE) });
    await storage.sessions.insert(stalled);
    await storage.sessions.insert(aSession(inPlace));
    await assertTaken(storage.sessions.heartbeat(stalled.session_id, { at: at(2 * MINUTE) }), 'active_place');
    assert.deepEqual(await storage.sessions.get(stalled.session_id), stalled);
  });

  it('a task', async () => {
    const task = aTask();
    await storage.tasks.insert(task);
    await assertTaken(storage.tasks.insert(task), 'task_id');
  });
});
