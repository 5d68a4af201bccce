import assert from 'node:assert/strict';
import type { SessionRecord } from '../../../src/storage/records.ts';
import type { Storage } from '../../../src/storage/storage.ts';
import { aSession, at, DAY, FAR_AHEAD, olderEpoch, uniqueId } from './builders.ts';
import { ids, stored, times } from './harness.ts';

const everything = { limit: 100, offset: 0 };
const OTHER_STATUSES = ['paused', 'stalled', 'completed', 'failed'] as const;

export function describeSilentSessions(storage: () => Storage): void {
  describe('the number of overdue sessions', () => {
    it('counts active ones silent since before then', async () => {
      const time = olderEpoch();
      const silentSince = time(100);
      await stored(
        storage(),
        aSession({ last_heartbeat: time(0) }),
        aSession({ last_heartbeat: time(99) }),
        aSession({ last_heartbeat: time(100) }),
        aSession({ last_heartbeat: time(101) }),
        ...OTHER_STATUSES.map((status) => aSession({ status, last_heartbeat: time(0) })),
      );
      assert.equal(await storage().sessions.countOverdue(silentSince), 2);
      assert.equal(await storage().sessions.countOverdue(time(0)), 0);
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
        aSession({ project_id, status: 'paused', last_heartbeat: at(0) }),
        aSession({ project_id, status: 'completed', last_heartbeat: at(0) }),
        aSession({ project_id, status: 'failed', last_heartbeat: at(0) }),
      );
      const { records, total } = await storage().sessions.listStalled({ project_id }, at(100), everything);
      assert.deepEqual(records, [longest, stalled, silent, another, stalledByHand]);
      assert.equal(total, 5);
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
    it('are stalled and silent since before then, the longest silence first', async () => {
      const time = olderEpoch();
      const [first, second, third] = [time(0), time(50), time(99)].map((last_heartbeat) =>
        aSession({ status: 'stalled', stalled_at: time(500), last_heartbeat }),
      );
      assert(first && second && third);
      await stored(
        storage(),
        third,
        first,
        aSession({ status: 'stalled', last_heartbeat: time(100) }),
        ...(['active', 'paused', 'completed', 'failed'] as const).map((status) =>
          aSession({ status, last_heartbeat: time(0) }),
        ),
        second,
      );
      assert.deepEqual(await storage().sessions.listAbandoned(time(100), 10), ids([first, second, third]));
      assert.deepEqual(await storage().sessions.listAbandoned(time(100), 2), ids([first, second]));
      assert.deepEqual(await storage().sessions.listAbandoned(time(0), 10), []);
    });
  });

  describe('the expired sessions', () => {
    it('have ended before then and are not archived, the oldest first', async () => {
      const time = olderEpoch();
      const first = aSession({ status: 'failed', completed_at: time(0), created_at: time(9) });
      const second = aSession({ status: 'completed', completed_at: time(50), created_at: time(8) });
      const third = aSession({ status: 'completed', completed_at: time(99), expires_at: FAR_AHEAD });
      await stored(
        storage(),
        third,
        second,
        first,
        aSession({ status: 'completed', completed_at: time(100) }),
        aSession({ status: 'completed', completed_at: time(0), archived_at: time(1) }),
        aSession({ status: 'failed', completed_at: time(0), archived_at: time(1) }),
        aSession({ status: 'stalled', started_at: time(0), created_at: time(0) }),
      );
      assert.deepEqual(await storage().sessions.listExpired(time(100), 10), ids([first, second, third]));
      assert.deepEqual(await storage().sessions.listExpired(time(100), 2), ids([first, second]));
      assert.deepEqual(await storage().sessions.listExpired(time(0), 10), []);
    });
  });
}
