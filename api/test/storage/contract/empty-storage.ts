import assert from 'node:assert/strict';
import { StorageUnavailableError } from '../../../src/storage/storage-errors.ts';
import { aPlace, at } from './builders.ts';
import { type OpenStorage, useStorage } from './harness.ts';

const page = { limit: 10, offset: 0 };

export function describeEmptyStorage(open: OpenStorage): void {
  describe('before anything was stored', () => {
    const storage = useStorage(open);

    it('says which engine it is', () => {
      assert(['sqlite', 'mongodb'].includes(storage().engine));
    });

    it('answers a ping', async () => {
      await storage().ping();
    });

    it('counts nothing, and every status', async () => {
      assert.deepEqual(await storage().sessions.countByStatus(), {
        active: 0,
        paused: 0,
        stalled: 0,
        completed: 0,
        failed: 0,
      });
      assert.deepEqual(await storage().sessions.countLive(), { active: 0, paused: 0, stalled: 0 });
      assert.deepEqual(await storage().sessions.countOverdue(at(0)), { active: 0, paused: 0 });
    });

    it('lists nothing', async () => {
      const { sessions, tasks, machines, leases } = storage();
      const nothing = { records: [], total: 0 };
      assert.deepEqual(await sessions.list({}, page), nothing);
      assert.deepEqual(await sessions.listStalled({}, at(0), page), nothing);
      assert.deepEqual(await sessions.listAbandoned(at(0), 10), []);
      assert.deepEqual(await sessions.listExpired(at(0), 10), []);
      assert.deepEqual(await sessions.listLiveIds('machine'), []);
      assert.deepEqual(await sessions.markOverdueStalled(at(0), at(0), 10), []);
      assert.deepEqual(await tasks.list({}, page), nothing);
      assert.deepEqual(await tasks.listOfSession('session'), []);
      assert.deepEqual(await machines.list({}, page), nothing);
      assert.deepEqual(await machines.markPresence(at(0), at(0)), []);
      assert.deepEqual(await leases.lastRuns(), []);
    });

    it('finds nothing', async () => {
      const { sessions, tasks, machines } = storage();
      assert.equal(await sessions.get('session'), null);
      assert.equal(await sessions.findHolder(aPlace({ docker_slot: 1 })), null);
      assert.equal(await tasks.get('task'), null);
      assert.equal(await machines.get('machine'), null);
    });
  });

  it('rejects a ping after it was closed', async () => {
    const { storage, dispose } = await open();
    try {
      await storage.close();
      await assert.rejects(storage.ping(), StorageUnavailableError);
    } finally {
      await dispose();
    }
  });
}
