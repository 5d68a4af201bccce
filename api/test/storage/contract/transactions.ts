import assert from 'node:assert/strict';
import type { Storage } from '../../../src/storage/storage.ts';
import { aMachine, aSession, aTask, at, FAR_AHEAD } from './builders.ts';
import { stored, violates } from './harness.ts';

class Abort extends Error {}

export function describeTransactions(storage: () => Storage): void {
  describe('a transaction', () => {
    it('returns what its work returns', async () => {
      assert.equal(await storage().transaction(async () => 'done'), 'done');
      assert.equal(await storage().transaction(async () => undefined), undefined);
    });

    it('keeps all of what it wrote', async () => {
      const [session, task, machine] = [aSession(), aTask(), aMachine()];
      const { registered, updated } = await storage().transaction(async (stores) => {
        await stores.sessions.insert(session);
        await stores.tasks.insert(task);
        const registered = await stores.machines.register(machine);
        await stores.machines.addSession(machine.machine_id, session.session_id, at(1));
        const updated = await stores.sessions.update(session.session_id, {}, { set: { updated_at: at(1) } });
        return { registered, updated };
      });
      const { sessions, tasks, machines } = storage();
      assert.deepEqual(registered, { created: true, record: machine });
      assert.deepEqual(updated, { ...session, updated_at: at(1) });
      assert.deepEqual(await sessions.get(session.session_id), updated);
      assert.deepEqual(await tasks.get(task.task_id), task);
      const expected = { ...machine, active_sessions: [session.session_id], updated_at: at(1) };
      assert.deepEqual(await machines.get(machine.machine_id), expected);
    });

    it('sees what it wrote itself', async () => {
      const session = aSession({ metadata: { kept: 1 } });
      const tasks = [0, 1].map((position) => aTask({ session_id: session.session_id, position }));
      const { project_id, machine_id, session_id } = session;
      const page = { limit: 10, offset: 0 };
      const seen = await storage().transaction(async (stores) => {
        await stores.sessions.insert(session);
        for (const task of tasks) await stores.tasks.insert(task);
        const change = { set: {}, mergeMetadata: { more: null }, takePosition: true } as const;
        return {
          updated: await stores.sessions.update(session_id, { status: ['active'] }, change),
          got: await stores.sessions.get(session_id),
          listed: await stores.sessions.list({ project_id }, page),
          holder: await stores.sessions.findHolder(session),
          live: await stores.sessions.listLiveIds(machine_id),
          tasks: await stores.tasks.listOfSession(session_id),
          deleted: await stores.tasks.deleteOfSession(session_id),
          left: await stores.tasks.list({ session_id }, page),
        };
      });
      const updated = { ...session, metadata: { kept: 1, more: null }, next_position: 1 };
      assert.deepEqual(seen, {
        updated,
        got: updated,
        listed: { records: [updated], total: 1 },
        holder: updated,
        live: [session_id],
        tasks,
        deleted: 2,
        left: { records: [], total: 0 },
      });
    });

    it('undoes all of it when its work throws, and throws the same', async () => {
      const [changed, deleted, created] = [aSession({ metadata: { a: 1 } }), aSession(), aSession()];
      const [task, kept] = [aTask(), aTask({ status: 'in_progress' })];
      const [machine, newMachine] = [aMachine(), aMachine()];
      const { sessions, tasks, machines } = storage();
      await stored(storage(), changed, deleted);
      await tasks.insert(kept);
      await machines.register(machine);
      const abort = new Abort('changed its mind');
      const work = storage().transaction(async (stores) => {
        const changes = { set: { status: 'failed' }, mergeMetadata: { b: 2 }, takePosition: true } as const;
        await stores.sessions.update(changed.session_id, {}, changes);
        await stores.sessions.delete(deleted.session_id);
        await stores.sessions.insert(created);
        await stores.sessions.heartbeat(created.session_id, { at: at(1) });
        await stores.tasks.insert(task);
        await stores.tasks.failRunning(kept.session_id, at(1), 'x');
        await stores.tasks.setExpiry(kept.session_id, FAR_AHEAD);
        await stores.tasks.deleteOfSession(kept.session_id);
        await stores.machines.addSession(machine.machine_id, 'x', at(1));
        await stores.machines.deleteIdle(machine.machine_id);
        await stores.machines.register(newMachine);
        throw abort;
      });
      await assert.rejects(work, (error) => error === abort);
      assert.deepEqual(await sessions.get(changed.session_id), changed);
      assert.deepEqual(await sessions.get(deleted.session_id), deleted);
      assert.equal(await sessions.get(created.session_id), null);
      assert.equal(await tasks.get(task.task_id), null);
      assert.deepEqual(await tasks.get(kept.task_id), kept);
      assert.deepEqual(await machines.get(machine.machine_id), machine);
      assert.equal(await machines.get(newMachine.machine_id), null);
    });

    it('undoes all of it when a place was taken', async () => {
      const holder = aSession({ docker_slot: 1 });
      const { project_id, machine_id, docker_slot } = holder;
      const first = aSession();
      const blocked = aSession({ project_id, machine_id, docker_slot });
      await stored(storage(), holder);
      const work = storage().transaction(async (stores) => {
        await stores.sessions.insert(first);
        await stores.sessions.insert(blocked);
      });
      await violates(work, 'active_place', 'docker_slot');
      assert.equal(await storage().sessions.get(first.session_id), null);
      assert.equal(await storage().sessions.get(blocked.session_id), null);
      assert.deepEqual(await storage().sessions.get(holder.session_id), holder);
    });

    it('undoes all of it for each uniqueness there is', async () => {
      const session = aSession();
      const stalled = aSession({ ...session, session_id: aSession().session_id, status: 'stalled' });
      const task = aTask();
      await stored(storage(), session, stalled);
      await storage().tasks.insert(task);
      const { session_id } = session;
      const machine = aMachine();
      await violates(
        storage().transaction(async (stores) => {
          await stores.machines.register(machine);
          await stores.sessions.insert(aSession({ session_id }));
        }),
        'session_id',
      );
      await violates(
        storage().transaction(async (stores) => {
          await stores.machines.register(machine);
          await stores.tasks.insert(task);
        }),
        'task_id',
      );
      await violates(
        storage().transaction(async (stores) => {
          await stores.machines.register(machine);
          await stores.sessions.update(stalled.session_id, {}, { set: { status: 'active' } });
        }),
        'active_place',
      );
      await violates(
        storage().transaction(async (stores) => {
          await stores.machines.register(machine);
          await stores.sessions.heartbeat(stalled.session_id, { at: at(1) });
        }),
        'active_place',
      );
      assert.equal(await storage().machines.get(machine.machine_id), null);
    });

    it('lets a place change hands within it', async () => {
      const old = aSession({ docker_slot: 1 });
      const { project_id, machine_id, docker_slot } = old;
      const successor = aSession({ project_id, machine_id, docker_slot, recovered_from: old.session_id });
      await stored(storage(), old);
      await storage().transaction(async (stores) => {
        const set = { status: 'completed', recovered_by: successor.session_id } as const;
        await stores.sessions.update(old.session_id, { notRecovered: true }, { set });
        await stores.sessions.insert(successor);
      });
      assert.deepEqual(await storage().sessions.findHolder(old), successor);
    });

    it('leaves the storage in order after one that failed', async () => {
      const session = aSession();
      await assert.rejects(
        storage().transaction(() => Promise.reject(new Abort())),
        Abort,
      );
      await storage().transaction((stores) => stores.sessions.insert(session));
      assert.deepEqual(await storage().sessions.get(session.session_id), session);
    });
  });
}
