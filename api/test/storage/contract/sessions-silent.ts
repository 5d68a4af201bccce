import assert from 'node:assert/strict';
import type { SessionRecord } from '../../../src/storage/records.ts';
import type { Storage } from '../../../src/storage/storage.ts';
import { aSession, at, DAY, olderEpoch, uniqueId } from './builders.ts';
import { ids, stored, times } from './harness.ts';

const everything = { limit: 100, offset: 0 };
const OTHER_STATUSES = ['stalled', 'completed', 'failed'] as const;

export function describeSilentSessions(storage: () => Storage): void {
  describe('the number of overdue sessions', () => {
    it('counts active and paused ones silent since before then', async () => {
      const time = olderEpoch();
      const silentSince = time(100);
      await stored(
        storage(),
        aSession({ last_heartbeat: time(0) }),
        aSession({ last_heartbeat: time(99) }),
        aSession({ last_heartbeat: time(100) }),
        aSession({ last_heartbeat: time(101) }),
        aSession({ status: 'paused', last_heartbeat: time(99) }),
        aSession({ status: 'paused', last_heartbeat: time(100) }),
        ...OTHER_STATUSES.map((status) => aSession({ status, last_heartbeat: time(0) })),
      );
      assert.deepEqual(await storage().sessions.countOverdue(silentSince), { active: 2, paused: 1 });
      assert.deepEqual(await storage().sessions.countOverdue(time(0)), { active: 0, paused: 0 });
    });
  });

  describe('the list of stalled sessions', () => {
    it('has the stalled and the silent, the longest silence first, then by id', async () => {
      const project_id = uniqueId('project');
      const [a = '', b = '', c = ''] = times(3, () => uniqueId('session')).sort();
      const silent = aSession({ project_id, session_id: b, last_heartbeat: at(10) });
      const stalled = aSession({ project_id, session_id: a, status: 'stalled', last_heartbeat: at(10) });
      const another = aSession({ project_id, session_id: c, status: 'stalled', last_heartbeat: at(10) });
      const longest = aSession({ project_id, last_heartbeat: at(0), metadata: { a: { b: null } } });
      const paused = aSession({ project_id, status: 'paused', last_heartbeat: at(99) });
      const stalledByHand = aSession({ project_id, status: 'stalled', stalled_at: at(200), last_heartbeat: at(300) });
      await stored(
        storage(),
        another,
        stalledByHand,
        aSession({ project_id, last_heartbeat: at(100) }),
        silent,
        aSession({ project_id, last_heartbeat: at(101) }),
        longest,
        stalled,
        paused,
        aSession({ project_id, status: 'paused', last_heartbeat: at(100) }),
        aSession({ project_id, status: 'completed', last_heartbeat: at(0) }),
        aSession({ project_id, status: 'failed', last_heartbeat: at(0) }),
      );
      const { records, total } = await storage().sessions.listStalled({ project_id }, at(100), everything);
      assert.deepEqual(records, [longest, stalled, silent, another, paused, stalledByHand]);
      assert.equal(total, 6);
    });

    it('comes in pages', async () => {
      const project_id = uniqueId('project');
      const sessions = times(5, (index) => aSession({ project_id, last_heartbeat: at(index) }));
      await stored(storage(), ...sessions);
      const paged: SessionRecord[] = [];
      for (const offset of [0, 2, 4]) {
        const found = await storage().sessions.listStalled({ project_id }, at(50), { limit: 2, offset });
        assert.equal(found.total, 5);
        paged.push(...found.records);
      }
      assert.deepEqual(paged, sessions);
      const beyond = await storage().sessions.listStalled({ project_id }, at(50), { limit: 2, offset: 6 });
      assert.deepEqual(beyond, { records: [], total: 5 });
    });

    it('can be asked by project, by machine, by both and by neither', async () => {
      const time = olderEpoch();
      const [project_id, machine_id] = [uniqueId('project'), uniqueId('machine')];
      const both = aSession({ project_id, machine_id, last_heartbeat: time(0) });
      const ofProject = aSession({ project_id, status: 'stalled', last_heartbeat: time(1) });
      const ofMachine = aSession({ machine_id, last_heartbeat: time(2) });
      const neither = aSession({ last_heartbeat: time(3) });
      await stored(storage(), neither, ofMachine, ofProject, both);
      const list = async (filter: { project_id?: string | undefined; machine_id?: string | undefined }) =>
        ids((await storage().sessions.listStalled(filter, time(DAY), { limit: 4, offset: 0 })).records);
      assert.deepEqual(await list({ project_id }), ids([both, ofProject]));
      assert.deepEqual(await list({ machine_id }), ids([both, ofMachine]));
      assert.deepEqual(await list({ project_id, machine_id }), ids([both]));
      assert.deepEqual(await list({ project_id: undefined, machine_id: undefined }), await list({}));
      assert.deepEqual(await list({}), ids([both, ofProject, ofMachine, neither]));
    });
  });

  describe('the abandoned sessions', () => {
    it('are stalled or paused, and silent since before then, the longest silence first', async () => {
      const time = olderEpoch();
      const first = aSession({ status: 'stalled', stalled_at: time(500), last_heartbeat: time(0) });
      const second = aSession({ status: 'paused', last_heartbeat: time(50) });
      const third = aSession({ status: 'stalled', stalled_at: time(500), last_heartbeat: time(99) });
      await stored(
        storage(),
        third,
        first,
        aSession({ status: 'stalled', last_heartbeat: time(100) }),
        aSession({ status: 'paused', last_heartbeat: time(100) }),
        ...(['active', 'completed', 'failed'] as const).map((status) => aSession({ status, last_heartbeat: time(0) })),
        second,
      );
      assert.deepEqual(await storage().sessions.listAbandoned(time(100), 10), ids([first, second, third]));
      assert.deepEqual(await storage().sessions.listAbandoned(time(100), 2), ids([first, second]));
      assert.deepEqual(await storage().sessions.listAbandoned(time(0), 10), []);
    });
  });

  describe('the expired sessions', () => {
    it('are those whose time has come, whenever they ended, the earliest first', async () => {
      // Years ahead of the clock of an engine that deletes by itself, and before all that other tests store.
      const time = (milliseconds: number) => new Date(Date.UTC(2090, 0, 1) + milliseconds);
      const first = aSession({ status: 'failed', completed_at: at(9), expires_at: time(0) });
      const second = aSession({ status: 'completed', completed_at: at(0), expires_at: time(50) });
      const third = aSession({ status: 'completed', completed_at: at(8), expires_at: time(99) });
      await stored(
        storage(),
        third,
        second,
        first,
        aSession({ status: 'completed', completed_at: at(0), expires_at: time(100) }),
        aSession({ status: 'completed', completed_at: at(0), archived_at: at(1) }),
        aSession({ status: 'stalled', started_at: at(0), created_at: at(0) }),
      );
      assert.deepEqual(await storage().sessions.listExpired(time(100), 10), ids([first, second, third]));
      assert.deepEqual(await storage().sessions.listExpired(time(100), 2), ids([first, second]));
      assert.deepEqual(await storage().sessions.listExpired(time(0), 10), []);
    });
  });
}
