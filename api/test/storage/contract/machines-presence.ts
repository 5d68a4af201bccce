import assert from 'node:assert/strict';
import type { MachineRecord } from '../../../src/storage/records.ts';
import type { Storage } from '../../../src/storage/storage.ts';
import { aMachine, aSession, olderEpoch } from './builders.ts';
import { stored, times } from './harness.ts';

const SESSION_STATUSES = ['active', 'paused', 'stalled', 'completed', 'failed'] as const;

export function describeMachinePresence(storage: () => Storage): void {
  const registered = async (given: Partial<MachineRecord>): Promise<MachineRecord> => {
    const machine = aMachine(given);
    await storage().machines.register(machine);
    return machine;
  };
  const statusOf = async ({ machine_id }: MachineRecord) => (await storage().machines.get(machine_id))?.status;

  describe('marking the presence of machines', () => {
    it('turns online ones offline of which nothing was heard, and returns them as they are now', async () => {
      const time = olderEpoch();
      const silent = await registered({ last_heartbeat: time(99), updated_at: time(100), metadata: { a: null } });
      const heard = await registered({ last_heartbeat: time(100) });
      const maintained = await registered({ last_heartbeat: time(0), status: 'maintenance' });
      const offline = { ...silent, status: 'offline', updated_at: time(200) } as const;
      assert.deepEqual(await storage().machines.markPresence(time(100), time(200)), [offline]);
      for (const machine of [offline, heard, maintained]) {
        assert.deepEqual(await storage().machines.get(machine.machine_id), machine);
      }
      assert.deepEqual(await storage().machines.markPresence(time(100), time(201)), []);
    });

    for (const status of SESSION_STATUSES) {
      it(`spares one on which a session was heard that is ${status} now`, async () => {
        const time = olderEpoch();
        const machine = await registered({ last_heartbeat: time(0) });
        const { machine_id } = machine;
        await stored(storage(), aSession({ machine_id, status, last_heartbeat: time(100) }));
        assert.deepEqual(await storage().machines.markPresence(time(100), time(200)), []);
        const turned = await storage().machines.markPresence(time(101), time(200));
        assert.deepEqual(
          turned.map((each) => [each.machine_id, each.status]),
          [[machine_id, 'offline']],
        );
      });
    }

    it('turns an offline one online once a session on it was heard after its last change', async () => {
      const time = olderEpoch();
      const given = { status: 'offline', last_heartbeat: time(0), updated_at: time(150) } as const;
      const [back, before, longAgo, alone] = [
        await registered(given),
        await registered(given),
        await registered({ ...given, updated_at: time(50) }),
        await registered(given),
      ];
      await stored(
        storage(),
        aSession({ machine_id: back.machine_id, status: 'paused', last_heartbeat: time(10) }),
        aSession({ machine_id: back.machine_id, last_heartbeat: time(151) }),
        aSession({ machine_id: before.machine_id, last_heartbeat: time(150) }),
        aSession({ machine_id: longAgo.machine_id, last_heartbeat: time(99) }),
      );
      const online = { ...back, status: 'online', updated_at: time(200) };
      assert.deepEqual(await storage().machines.markPresence(time(100), time(200)), [online]);
      for (const machine of [before, longAgo, alone]) assert.equal(await statusOf(machine), 'offline');
      // A test that looks further back would change this machine.
      await storage().machines.update(longAgo.machine_id, { set: { status: 'maintenance' } });
    });

    it('gives each to one of several calls at once', async () => {
      const time = olderEpoch();
      const machines = await Promise.all(times(10, () => registered({ last_heartbeat: time(0) })));
      const turned = await Promise.all(times(4, () => storage().machines.markPresence(time(1), time(2))));
      assert.deepEqual(
        turned.flatMap((batch) => batch.map(({ machine_id }) => machine_id)).sort(),
        machines.map(({ machine_id }) => machine_id).sort(),
      );
    });

    it('loses to a heartbeat of the machine or is undone by it', async () => {
      const time = olderEpoch();
      for (const machine of await Promise.all(times(10, () => registered({ last_heartbeat: time(0) })))) {
        await Promise.all([
          storage().machines.heartbeat(machine.machine_id, time(50), []),
          storage().machines.markPresence(time(1), time(40)),
        ]);
        assert.equal(await statusOf(machine), 'online');
      }
    });
  });
}
