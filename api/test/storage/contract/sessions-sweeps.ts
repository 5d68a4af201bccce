import assert from 'node:assert/strict';
import type { SessionRecord } from '../../../src/storage/records.ts';
import type { Storage } from '../../../src/storage/storage.ts';
import { aSession, at, olderEpoch } from './builders.ts';
import { ids, stored, times } from './harness.ts';

export function describeSweeps(storage: () => Storage): void {
  describe('marking overdue sessions stalled', () => {
    it('turns active ones silent since before then, and returns them as they are now', async () => {
      const time = olderEpoch();
      const sweptAt = at(1);
      const overdue = [
        aSession({ last_heartbeat: time(0), docker_slot: 1, metadata: { a: null }, returned_at: time(0) }),
        aSession({ last_heartbeat: time(99) }),
      ];
      const spared = [
        aSession({ last_heartbeat: time(100) }),
        aSession({ last_heartbeat: time(101) }),
        aSession({ status: 'stalled', stalled_at: time(5), last_heartbeat: time(0) }),
        ...(['paused', 'completed', 'failed'] as const).map((status) => aSession({ status, last_heartbeat: time(0) })),
      ];
      await stored(storage(), ...spared, ...overdue);
      const turned = await storage().sessions.markOverdueStalled(time(100), sweptAt, 100);
      const expected = overdue.map((session) => ({
        ...session,
        status: 'stalled',
        stalled_at: sweptAt,
        updated_at: sweptAt,
      }));
      const byHeartbeat = turned.sort((a, b) => a.last_heartbeat.getTime() - b.last_heartbeat.getTime());
      assert.deepEqual(byHeartbeat, expected);
      for (const session of expected) assert.deepEqual(await storage().sessions.get(session.session_id), session);
      for (const session of spared) assert.deepEqual(await storage().sessions.get(session.session_id), session);
      assert.deepEqual(await storage().sessions.markOverdueStalled(time(100), at(2), 100), []);
    });

    it('turns up to the limit at a time', async () => {
      const time = olderEpoch();
      const sessions = times(5, () => aSession({ last_heartbeat: time(0) }));
      await stored(storage(), ...sessions);
      const turned: SessionRecord[] = [];
      for (const expected of [2, 2, 1, 0]) {
        const batch = await storage().sessions.markOverdueStalled(time(1), at(1), 2);
        assert.equal(batch.length, expected);
        turned.push(...batch);
      }
      assert.deepEqual(ids(turned).sort(), ids(sessions).sort());
    });

    it('frees their places', async () => {
      const time = olderEpoch();
      const silent = aSession({ last_heartbeat: time(0), docker_slot: 1 });
      await stored(storage(), silent);
      await storage().sessions.markOverdueStalled(time(1), at(1), 10);
      const { project_id, machine_id, docker_slot } = silent;
      await stored(storage(), aSession({ project_id, machine_id, docker_slot }));
    });

    for (const { sweeps, limit } of [
      { sweeps: 2, limit: 100 },
      { sweeps: 2, limit: 5 },
      { sweeps: 8, limit: 3 },
    ]) {
      it(`gives each to one of ${sweeps} sweeps at once, up to ${limit} to each`, async () => {
        const time = olderEpoch();
        const sessions = times(20, () => aSession({ last_heartbeat: time(0) }));
        await stored(storage(), ...sessions);
        const turned: string[] = [];
        while ((await storage().sessions.countOverdue(time(1))).active > 0) {
          const batches = await Promise.all(
            times(sweeps, () => storage().sessions.markOverdueStalled(time(1), at(1), limit)),
          );
          for (const batch of batches) assert(batch.length <= limit);
          assert(
            batches.some((batch) => batch.length > 0),
            'sweeps at once must not keep one another from all of it',
          );
          turned.push(...batches.flatMap(ids));
        }
        assert.deepEqual(turned.sort(), ids(sessions).sort());
      });
    }

    it('loses to a heartbeat or is undone by it: either way the session lives', async () => {
      const time = olderEpoch();
      for (const session of times(20, () => aSession({ last_heartbeat: time(0) }))) {
        await stored(storage(), session);
        const [beaten] = await Promise.all([
          storage().sessions.heartbeat(session.session_id, { at: at(5) }),
          storage().sessions.markOverdueStalled(time(1), at(4), 10),
        ]);
        assert.equal(beaten?.status, 'active');
        const after = await storage().sessions.get(session.session_id);
        assert.deepEqual(after, beaten);
        assert.equal(after?.stalled_at, null);
      }
    });
  });
}
