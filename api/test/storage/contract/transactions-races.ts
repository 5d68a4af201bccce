import assert from 'node:assert/strict';
import type { Storage } from '../../../src/storage/storage.ts';
import { aMachine, aSession, aTask, at } from './builders.ts';
import { countWinners, during, stored, times } from './harness.ts';

class Abort extends Error {}

export function describeTransactionRaces(storage: () => Storage): void {
  describe('transactions at once', () => {
    it('see one another: twenty that read and then write lose no update', async () => {
      const session = aSession();
      await stored(storage(), session);
      await Promise.all(
        times(20, () =>
          storage().transaction(async ({ sessions }) => {
            const read = await sessions.get(session.session_id);
            assert(read);
            await sessions.update(session.session_id, {}, { set: { recovery_attempts: read.recovery_attempts + 1 } });
          }),
        ),
      );
      assert.equal((await storage().sessions.get(session.session_id))?.recovery_attempts, 20);
    });

    it('lose no write made without a transaction, and are not lost to one', async () => {
      const session = aSession();
      const { session_id } = session;
      await stored(storage(), session);
      const keys = times(10, (index) => `key ${index}`);
      await Promise.all(
        keys.flatMap((key) => [
          storage().transaction(async ({ sessions }) => {
            const read = await sessions.get(session_id);
            assert(read);
            await sessions.update(session_id, {}, { set: { recovery_attempts: read.recovery_attempts + 1 } });
          }),
          storage().sessions.update(session_id, {}, { set: {}, mergeMetadata: { [key]: 1 }, takePosition: true }),
        ]),
      );
      assert.deepEqual(await storage().sessions.get(session_id), {
        ...session,
        recovery_attempts: 10,
        next_position: 10,
        metadata: Object.fromEntries(keys.map((key) => [key, 1])),
      });
    });

    it('cannot be seen from outside before they are kept', async () => {
      const session = aSession();
      const created = aSession();
      await stored(storage(), session);
      const abandoned = assert.rejects(
        storage().transaction(async ({ sessions }) => {
          for (let round = 1; round <= 10; round++) {
            await sessions.update(session.session_id, {}, { set: { recovery_attempts: round } });
          }
          await sessions.insert(created);
          await sessions.get(created.session_id);
          throw new Abort();
        }),
        Abort,
      );
      await during(abandoned, async () => {
        assert.deepEqual(await storage().sessions.get(session.session_id), session);
        assert.equal(await storage().sessions.get(created.session_id), null);
      });
    });

    it('cannot be seen in part: a reader finds all of one or nothing', async () => {
      const session = aSession();
      const { session_id } = session;
      await stored(storage(), session);
      const writing = Promise.all(
        times(10, (position) =>
          storage().transaction(async ({ sessions, tasks }) => {
            await tasks.insert(aTask({ session_id, position }));
            await sessions.update(session_id, {}, { set: {}, takePosition: true });
          }),
        ),
      );
      await during(writing, async () => {
        const { counted, listed } = await storage().transaction(async ({ sessions, tasks }) => ({
          counted: (await sessions.get(session_id))?.next_position,
          listed: (await tasks.listOfSession(session_id)).length,
        }));
        assert.equal(listed, counted);
      });
    });

    it('number the tasks they create without a gap', async () => {
      const session = aSession();
      const { session_id } = session;
      await stored(storage(), session);
      await Promise.all(
        times(20, () =>
          storage().transaction(async ({ sessions, tasks }) => {
            const taken = await sessions.update(session_id, {}, { set: {}, takePosition: true });
            assert(taken);
            await tasks.insert(aTask({ session_id, position: taken.next_position - 1 }));
          }),
        ),
      );
      const tasks = await storage().tasks.listOfSession(session_id);
      assert.deepEqual(
        tasks.map((task) => task.position),
        times(20, (position) => position),
      );
    });

    it('give the position of one that failed to the next', async () => {
      const session = aSession();
      const { session_id } = session;
      await stored(storage(), session);
      await Promise.allSettled(
        times(10, (index) =>
          storage().transaction(async ({ sessions, tasks }) => {
            const taken = await sessions.update(session_id, {}, { set: {}, takePosition: true });
            assert(taken);
            await tasks.insert(aTask({ session_id, position: taken.next_position - 1 }));
            if (index % 2 === 1) throw new Abort();
          }),
        ),
      );
      const tasks = await storage().tasks.listOfSession(session_id);
      assert.deepEqual(
        tasks.map((task) => task.position),
        times(5, (position) => position),
      );
    });

    it('recover a session once, however many try', async () => {
      for (let round = 0; round < 10; round++) {
        const old = aSession({ status: 'failed', docker_slot: 1 });
        const { project_id, machine_id, docker_slot } = old;
        await stored(storage(), old);
        const successors = await Promise.all(
          times(10, () => {
            const successor = aSession({ project_id, machine_id, docker_slot, recovered_from: old.session_id });
            return storage().transaction(async ({ sessions }) => {
              const set = { status: 'completed', recovered_by: successor.session_id } as const;
              const won = await sessions.update(old.session_id, { status: ['failed'], notRecovered: true }, { set });
              if (!won) return (await sessions.get(old.session_id))?.recovered_by;
              await sessions.insert(successor);
              return successor.session_id;
            });
          }),
        );
        assert.equal(new Set(successors).size, 1);
        const { total } = await storage().sessions.list({ project_id }, { limit: 10, offset: 0 });
        assert.equal(total, 2);
      }
    });

    it('never leave a task behind whose session is being deleted', async () => {
      for (let round = 0; round < 50; round++) {
        const session = aSession();
        const { session_id } = session;
        await stored(storage(), session);
        const create = () =>
          storage().transaction(async ({ sessions, tasks }) => {
            const taken = await sessions.update(session_id, {}, { set: {}, takePosition: true });
            if (taken) await tasks.insert(aTask({ session_id, position: taken.next_position - 1 }));
            return taken !== null;
          });
        const remove = () =>
          storage().transaction(async ({ sessions, tasks }) => {
            const deleted = await sessions.delete(session_id);
            const tasksDeleted = await tasks.deleteOfSession(session_id);
            return { deleted, tasksDeleted };
          });
        const [first, { deleted, tasksDeleted }, second] = await Promise.all([create(), remove(), create()]);
        const created = [first, second].filter(Boolean).length;
        assert.equal(tasksDeleted, created);
        assert.equal(deleted?.next_position, created);
        assert.equal(await storage().sessions.get(session_id), null);
        assert.deepEqual(await storage().tasks.listOfSession(session_id), []);
      }
    });

    it('register one machine once, and none of them fails', async () => {
      const machine = aMachine();
      const outcomes = await Promise.all(
        times(10, () => storage().transaction(({ machines }) => machines.register(machine))),
      );
      assert.equal(outcomes.filter(({ created }) => created).length, 1);
      for (const { record } of outcomes) assert.deepEqual(record, machine);
    });

    it('put one of two that insert into the same place there, and keep nothing of the other', async () => {
      for (let round = 0; round < 20; round++) {
        const { project_id, machine_id } = aSession();
        const tasks = times(2, () => aTask());
        const winners = await countWinners(
          tasks.map((task) =>
            storage().transaction(async (stores) => {
              await stores.tasks.insert(task);
              await stores.sessions.insert(aSession({ project_id, machine_id, created_at: at(round) }));
            }),
          ),
        );
        assert.equal(winners, 1);
        const kept = await Promise.all(tasks.map((task) => storage().tasks.get(task.task_id)));
        assert.equal(kept.filter((task) => task !== null).length, 1);
      }
    });
  });
}
