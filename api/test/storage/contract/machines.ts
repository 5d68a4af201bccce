import assert from 'node:assert/strict';
import type { SessionStatus } from '@claude-projects/shared/contract';
import type { MachineRecord } from '../../../src/storage/records.ts';
import type { MachineChanges, Storage } from '../../../src/storage/storage.ts';
import { AWKWARD_METADATA, AWKWARD_TEXT, aMachine, aSession, at, uniqueId } from './builders.ts';
import { times } from './harness.ts';

const SETS: MachineChanges['set'][] = [
  { hostname: AWKWARD_TEXT },
  { docker_slots: [3, 1, 0] },
  { docker_slots: [] },
  { active_sessions: ['b', 'a'] },
  { active_sessions: [] },
  { status: 'offline' },
  { status: 'maintenance' },
  { last_heartbeat: at(1) },
  { updated_at: at(2) },
  { status: 'offline', docker_slots: [9], updated_at: at(3) },
];

const FULL: Omit<MachineRecord, 'machine_id'> = {
  hostname: AWKWARD_TEXT,
  docker_slots: [2, 0, 65_535],
  active_sessions: ['second', 'first', AWKWARD_TEXT],
  status: 'maintenance',
  last_heartbeat: at(1),
  metadata: AWKWARD_METADATA,
  created_at: at(2),
  updated_at: at(3),
};

export function describeMachines(storage: () => Storage): void {
  const registered = async (given: Partial<MachineRecord> = {}): Promise<MachineRecord> => {
    const machine = aMachine(given);
    await storage().machines.register(machine);
    return machine;
  };

  describe('registering a machine', () => {
    it('makes it, with every field filled', async () => {
      const machine = aMachine({ ...FULL, machine_id: `${uniqueId('machine')} ${AWKWARD_TEXT}` });
      assert.deepEqual(await storage().machines.register(machine), { created: true, record: machine });
      assert.deepEqual(await storage().machines.get(machine.machine_id), machine);
    });

    it('makes it, with nothing in it', async () => {
      const machine = aMachine();
      assert.deepEqual(await storage().machines.register(machine), { created: true, record: machine });
      assert.deepEqual(await storage().machines.get(machine.machine_id), machine);
    });

    it('again brings it up to date, merges its metadata and keeps its created_at', async () => {
      const metadata = { kept: 'a', replaced: { lost: 1 } };
      const first = await registered({ metadata, docker_slots: [1], active_sessions: ['lost'], status: 'offline' });
      const given = { ...AWKWARD_METADATA, replaced: { inner: '$x' } };
      const again = aMachine({ ...FULL, machine_id: first.machine_id, status: 'online', metadata: given });
      const record = { ...again, created_at: first.created_at, metadata: { kept: 'a', ...given } };
      assert.deepEqual(await storage().machines.register(again), { created: false, record });
      assert.deepEqual(await storage().machines.get(first.machine_id), record);
    });

    it('again leaves it in maintenance', async () => {
      const { machine_id } = await registered({ status: 'maintenance', metadata: { kept: 1 } });
      const { record } = await storage().machines.register(aMachine({ machine_id, hostname: 'renamed' }));
      assert.deepEqual([record.status, record.hostname, record.metadata], ['maintenance', 'renamed', { kept: 1 }]);
    });

    it('twenty times at once makes it once', async () => {
      const machine = aMachine();
      const outcomes = await Promise.all(times(20, () => storage().machines.register(machine)));
      assert.equal(outcomes.filter(({ created }) => created).length, 1);
      for (const { record } of outcomes) assert.deepEqual(record, machine);
    });
  });

  describe('a machine update', () => {
    for (const set of SETS) {
      it(`sets ${JSON.stringify(set)} and nothing else`, async () => {
        const machine = await registered({ docker_slots: [5], active_sessions: ['x'], metadata: { kept: null } });
        assert.deepEqual(await storage().machines.update(machine.machine_id, { set }), { ...machine, ...set });
        assert.deepEqual(await storage().machines.get(machine.machine_id), { ...machine, ...set });
      });
    }

    it('merges metadata at the top level only', async () => {
      const machine = await registered({ metadata: { kept: 'a', replaced: { lost: 1 }, emptied: 2 } });
      const mergeMetadata = { replaced: { inner: '$x' }, emptied: null, new: [null] };
      const updated = await storage().machines.update(machine.machine_id, { set: {}, mergeMetadata });
      assert.deepEqual(updated, { ...machine, metadata: { kept: 'a', ...mergeMetadata } });
      const more = await storage().machines.update(machine.machine_id, { set: {}, mergeMetadata: AWKWARD_METADATA });
      assert.deepEqual(more?.metadata, { kept: 'a', ...mergeMetadata, ...AWKWARD_METADATA });
      assert.deepEqual(await storage().machines.get(machine.machine_id), more);
    });

    it('may change nothing', async () => {
      const machine = await registered({ metadata: { kept: 1 } });
      assert.deepEqual(await storage().machines.update(machine.machine_id, { set: {} }), machine);
    });

    it('never makes a machine', async () => {
      const machine_id = uniqueId('machine');
      const changes = { set: { hostname: 'new' }, mergeMetadata: { a: 1 } };
      assert.equal(await storage().machines.update(machine_id, changes), null);
      assert.equal(await storage().machines.get(machine_id), null);
    });
  });

  describe('a machine heartbeat', () => {
    for (const [before, after] of [
      ['online', 'online'],
      ['offline', 'online'],
      ['maintenance', 'maintenance'],
    ] as const) {
      it(`dates a machine that is ${before}, which is ${after} then, and changes nothing else`, async () => {
        const machine = await registered({ ...FULL, status: before });
        const expected = {
          ...machine,
          status: after,
          active_sessions: ['b', AWKWARD_TEXT],
          last_heartbeat: at(70),
          updated_at: at(70),
        };
        const { machines } = storage();
        assert.deepEqual(await machines.heartbeat(machine.machine_id, at(70), ['b', AWKWARD_TEXT]), expected);
        assert.deepEqual(await machines.get(machine.machine_id), expected);
      });
    }

    it('never makes a machine', async () => {
      const machine_id = uniqueId('machine');
      assert.equal(await storage().machines.heartbeat(machine_id, at(1), []), null);
      assert.equal(await storage().machines.get(machine_id), null);
    });
  });

  describe('deleting an idle machine', () => {
    it('deletes it once', async () => {
      const [machine, other] = [await registered(), await registered()];
      assert.equal(await storage().machines.deleteIdle(machine.machine_id), true);
      assert.equal(await storage().machines.get(machine.machine_id), null);
      assert.equal(await storage().machines.deleteIdle(machine.machine_id), false);
      assert.deepEqual(await storage().machines.get(other.machine_id), other);
    });

    it('spares one that has a session, until it is gone', async () => {
      const machine = await registered({ active_sessions: ['a'] });
      const { machines } = storage();
      assert.equal(await machines.deleteIdle(machine.machine_id), false);
      assert.deepEqual(await machines.get(machine.machine_id), machine);
      await machines.removeSession(machine.machine_id, 'a', at(1));
      assert.equal(await machines.deleteIdle(machine.machine_id), true);
    });
  });

  describe('deleting a machine whose session is not on its list', () => {
    const deletesWith = async (status: SessionStatus): Promise<boolean> => {
      const { machine_id } = await registered();
      await storage().sessions.insert(aSession({ machine_id, status }));
      return storage().machines.deleteIdle(machine_id);
    };

    it('spares it while the session is active', async () => {
      assert.equal(await deletesWith('active'), false);
    });

    for (const status of ['completed', 'failed'] as const) {
      it(`deletes it once the session is ${status}`, async () => {
        assert.equal(await deletesWith(status), true);
      });
    }
  });

  describe('the list of machines', () => {
    it('goes by id, in pages, and says how many there are in all', async () => {
      const prefix = uniqueId('machine');
      const { total: before } = await storage().machines.list({}, { limit: 1, offset: 0 });
      const expected = ['-10', '-2', 'B', 'a', 'ä', '漢'].map((suffix) =>
        aMachine({ machine_id: `${prefix}${suffix}`, metadata: { suffix } }),
      );
      for (const machine of expected.toReversed()) await storage().machines.register(machine);
      const listed: MachineRecord[] = [];
      for (let offset = 0; offset < before + expected.length; offset += 4) {
        const { records, total } = await storage().machines.list({}, { limit: 4, offset });
        assert.equal(total, before + expected.length);
        listed.push(...records);
      }
      assert.equal(listed.length, before + expected.length);
      assert.deepEqual(
        listed.filter((machine) => machine.machine_id.startsWith(prefix)),
        expected,
      );
    });

    it('is filtered by status', async () => {
      const counts = async () => {
        const page = { limit: 1, offset: 0 };
        const { machines } = storage();
        return {
          online: (await machines.list({ status: 'online' }, page)).total,
          offline: (await machines.list({ status: 'offline' }, page)).total,
          maintenance: (await machines.list({ status: 'maintenance' }, page)).total,
          all: (await machines.list({ status: undefined }, page)).total,
        };
      };
      const before = await counts();
      const offline = await registered({ machine_id: `!${uniqueId('first-of-all')}`, status: 'offline' });
      await registered({ status: 'maintenance' });
      assert.deepEqual(await counts(), {
        online: before.online,
        offline: before.offline + 1,
        maintenance: before.maintenance + 1,
        all: before.all + 2,
      });
      const { records } = await storage().machines.list({ status: 'offline' }, { limit: 1, offset: 0 });
      assert.deepEqual(records, [offline]);
    });
  });

  describe('the sessions on a machine', () => {
    it('are added in turn', async () => {
      const machine = await registered();
      const { machines } = storage();
      await machines.addSession(machine.machine_id, 'b', at(1));
      await machines.addSession(machine.machine_id, AWKWARD_TEXT, at(2));
      const expected = { ...machine, active_sessions: ['b', AWKWARD_TEXT], updated_at: at(2) };
      assert.deepEqual(await machines.get(machine.machine_id), expected);
    });

    it('are listed once', async () => {
      const machine = await registered({ active_sessions: ['a', 'b'] });
      await storage().machines.addSession(machine.machine_id, 'a', at(1));
      const after = await storage().machines.get(machine.machine_id);
      assert.deepEqual(after?.active_sessions, ['a', 'b']);
    });

    it('are taken off, however often', async () => {
      const machine = await registered({ active_sessions: ['a', 'b', 'c'] });
      const { machines } = storage();
      await machines.removeSession(machine.machine_id, 'b', at(1));
      const expected = { ...machine, active_sessions: ['a', 'c'], updated_at: at(1) };
      assert.deepEqual(await machines.get(machine.machine_id), expected);
      await machines.removeSession(machine.machine_id, 'b', at(1));
      assert.deepEqual(await machines.get(machine.machine_id), expected);
    });

    it('change nothing about other machines', async () => {
      const [machine, other] = [await registered(), await registered({ active_sessions: ['a'] })];
      await storage().machines.addSession(machine.machine_id, 'a', at(1));
      await storage().machines.removeSession(machine.machine_id, 'a', at(2));
      assert.deepEqual(await storage().machines.get(other.machine_id), other);
    });

    it('do not make a machine that is not registered', async () => {
      const machine_id = uniqueId('machine');
      await storage().machines.addSession(machine_id, 'a', at(1));
      assert.equal(await storage().machines.get(machine_id), null);
      await storage().machines.removeSession(machine_id, 'a', at(1));
      assert.equal(await storage().machines.get(machine_id), null);
    });

    it('are all there when many arrive and leave at once', async () => {
      const leaving = times(10, (index) => `leaving ${index}`);
      const arriving = times(10, (index) => `arriving ${index}`);
      const machine = await registered({ active_sessions: leaving });
      const { machines } = storage();
      await Promise.all([
        ...leaving.map((id) => machines.removeSession(machine.machine_id, id, at(1))),
        ...arriving.flatMap((id) => times(2, () => machines.addSession(machine.machine_id, id, at(1)))),
      ]);
      const after = await machines.get(machine.machine_id);
      assert.deepEqual(after?.active_sessions.toSorted(), arriving);
    });
  });
}
