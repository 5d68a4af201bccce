import assert from 'node:assert/strict';
import type { SessionRecord } from '../../../src/storage/records.ts';
import type { SessionFilter, Storage } from '../../../src/storage/storage.ts';
import { aSession, at, uniqueId } from './builders.ts';
import { ids, stored, times } from './harness.ts';

const everything = { limit: 100, offset: 0 };

export function describeSessionLists(storage: () => Storage): void {
  describe('the list of sessions', () => {
    it('is empty where nothing fits', async () => {
      const found = await storage().sessions.list({ project_id: uniqueId('project') }, everything);
      assert.deepEqual(found, { records: [], total: 0 });
    });

    it('has whole records, the newest first, and those of one moment by id', async () => {
      const project_id = uniqueId('project');
      const [a = '', b = '', c = ''] = times(3, () => uniqueId('session')).sort();
      const oldest = aSession({ project_id, created_at: at(0), updated_at: at(9), metadata: { a: { b: null } } });
      const newest = aSession({ project_id, created_at: at(2), updated_at: at(1), docker_slot: 1 });
      const [first, second, third] = [a, b, c].map((session_id) =>
        aSession({ project_id, session_id, created_at: at(1) }),
      );
      assert(first && second && third);
      await stored(storage(), second, oldest, third, newest, first);
      const { records, total } = await storage().sessions.list({ project_id }, everything);
      assert.deepEqual(records, [newest, third, second, first, oldest]);
      assert.equal(total, 5);
    });

    it('comes in pages, and says how many there are in all', async () => {
      const project_id = uniqueId('project');
      const sessions = times(7, (index) => aSession({ project_id, created_at: at(-Math.floor(index / 2)) }));
      await stored(storage(), ...sessions);
      const all = await storage().sessions.list({ project_id }, everything);
      assert.equal(all.total, 7);
      const paged: SessionRecord[] = [];
      for (const offset of [0, 3, 6]) {
        const { records, total } = await storage().sessions.list({ project_id }, { limit: 3, offset });
        assert.equal(total, 7);
        paged.push(...records);
      }
      assert.deepEqual(paged, all.records);
      const beyond = await storage().sessions.list({ project_id }, { limit: 3, offset: 7 });
      assert.deepEqual(beyond, { records: [], total: 7 });
    });

    describe('filtered', () => {
      const project_id = uniqueId('project');
      const machine_id = uniqueId('machine');
      const active = aSession({ project_id, machine_id, updated_at: at(0), created_at: at(6) });
      const paused = aSession({ project_id, machine_id, status: 'paused', updated_at: at(10), created_at: at(5) });
      const failed = aSession({ project_id, status: 'failed', updated_at: at(20), created_at: at(4) });
      const archived = aSession({
        project_id,
        machine_id,
        status: 'completed',
        archived_at: at(30),
        updated_at: at(30),
        created_at: at(3),
      });
      const foreign = aSession({ machine_id, updated_at: at(40), created_at: at(2) });

      before(() => stored(storage(), active, paused, failed, archived, foreign));

      const cases: { title: string; filter: SessionFilter; expected: SessionRecord[] }[] = [
        { title: 'by project', filter: { project_id }, expected: [active, paused, failed, archived] },
        { title: 'by machine', filter: { machine_id }, expected: [active, paused, archived, foreign] },
        { title: 'by both', filter: { project_id, machine_id }, expected: [active, paused, archived] },
        { title: 'by status', filter: { project_id, status: 'failed' }, expected: [failed] },
        { title: 'by a status none has', filter: { project_id, status: 'stalled' }, expected: [] },
        { title: 'to the archived', filter: { project_id, archived: true }, expected: [archived] },
        { title: 'to those not archived', filter: { project_id, archived: false }, expected: [active, paused, failed] },
        {
          title: 'by the last update, that moment included',
          filter: { project_id, updatedSince: at(20) },
          expected: [failed, archived],
        },
        {
          title: 'by the last update, a moment later',
          filter: { project_id, updatedSince: at(21) },
          expected: [archived],
        },
        { title: 'by an update yet to come', filter: { project_id, updatedSince: at(31) }, expected: [] },
        {
          title: 'by everything at once',
          filter: { project_id, machine_id, status: 'completed', archived: true, updatedSince: at(30) },
          expected: [archived],
        },
        {
          title: 'by everything at once, one of it wrong',
          filter: { project_id, machine_id, status: 'completed', archived: false, updatedSince: at(30) },
          expected: [],
        },
        {
          title: 'by nothing that is undefined',
          filter: {
            project_id,
            machine_id: undefined,
            status: undefined,
            archived: undefined,
            updatedSince: undefined,
          },
          expected: [active, paused, failed, archived],
        },
        { title: 'by the exact text', filter: { project_id: project_id.toUpperCase() }, expected: [] },
        { title: 'by an empty text', filter: { project_id: '' }, expected: [] },
      ];
      for (const { title, filter, expected } of cases) {
        it(title, async () => {
          const { records, total } = await storage().sessions.list(filter, everything);
          assert.deepEqual(ids(records), ids(expected));
          assert.equal(total, expected.length);
        });
      }
    });
  });

  describe('the ids of live sessions of a machine', () => {
    it('are those that have not ended, in the order they were created', async () => {
      const machine_id = uniqueId('machine');
      const stalled = aSession({ machine_id, status: 'stalled', created_at: at(1) });
      const active = aSession({ machine_id, status: 'active', created_at: at(2) });
      const paused = aSession({ machine_id, status: 'paused', created_at: at(3) });
      const ended = (['completed', 'failed'] as const).map((status) => aSession({ machine_id, status }));
      await stored(storage(), paused, stalled, ...ended, active, aSession());
      assert.deepEqual(await storage().sessions.listLiveIds(machine_id), ids([stalled, active, paused]));
    });

    it('are all of them', async () => {
      const machine_id = uniqueId('machine');
      const sessions = times(120, (index) => aSession({ machine_id, created_at: at(index) }));
      await Promise.all(sessions.map((session) => storage().sessions.insert(session)));
      assert.deepEqual(await storage().sessions.listLiveIds(machine_id), ids(sessions));
    });

    it('are none for a machine nobody knows', async () => {
      assert.deepEqual(await storage().sessions.listLiveIds(uniqueId('machine')), []);
    });
  });

  describe('the number of sessions by status', () => {
    it('grows and shrinks with each of them', async () => {
      const before = await storage().sessions.countByStatus();
      const paused = aSession({ status: 'paused' });
      const archived = aSession({ status: 'completed', archived_at: at(1) });
      await stored(storage(), aSession(), aSession(), paused, archived, aSession({ status: 'failed' }));
      const { active, completed, failed } = before;
      assert.deepEqual(await storage().sessions.countByStatus(), {
        ...before,
        active: active + 2,
        paused: before.paused + 1,
        completed: completed + 1,
        failed: failed + 1,
      });
      await storage().sessions.update(paused.session_id, {}, { set: { status: 'stalled' } });
      await storage().sessions.delete(archived.session_id);
      assert.deepEqual(await storage().sessions.countByStatus(), {
        active: active + 2,
        paused: before.paused,
        stalled: before.stalled + 1,
        completed,
        failed: failed + 1,
      });
    });

    it('is the same for those that have not ended, asked for alone', async () => {
      await stored(storage(), aSession(), aSession({ status: 'paused' }), aSession({ status: 'completed' }));
      const { active, paused, stalled } = await storage().sessions.countByStatus();
      assert.deepEqual(await storage().sessions.countLive(), { active, paused, stalled });
    });
  });
}
