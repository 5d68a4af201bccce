import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { FindingKind, Suspect } from '../../../src/storage/consistency.ts';
import type { Storage } from '../../../src/storage/storage.ts';
import { AWKWARD_TEXT, aMachine, aSession, aTask, at, MINUTE, uniqueId } from './builders.ts';
import { stored, times } from './harness.ts';

export function describeConsistency(storage: () => Storage): void {
  /** Walks in small steps, as a check does in large ones. Other tests leave suspects too, so it looks for its own. */
  async function suspects(kind: FindingKind, concerns: (suspect: Suspect) => boolean): Promise<Suspect[]> {
    const found: Suspect[] = [];
    for (let after: string | null = null; ; ) {
      const batch = await storage().consistency.suspects(kind, after, 7);
      found.push(...batch.suspects.filter(concerns));
      if (batch.next === null) return found;
      assert(after === null || batch.next > after, 'the walk goes on');
      after = batch.next;
    }
  }

  describe('the consistency check suspects', () => {
    const about =
      (...ids: string[]) =>
      (suspect: Suspect) =>
        ids.some((id) => JSON.stringify(suspect).includes(id));

    it('a live session whose current task is not there, or is not its own', async () => {
      const working = async (status: 'active' | 'paused' | 'stalled' | 'failed', task: string | null) => {
        const session = aSession({ status, current_task_id: task });
        await stored(storage(), session);
        return session;
      };
      const missing = randomUUID();
      const elsewhere = aTask();
      await storage().tasks.insert(elsewhere);
      const wrong = [
        await working('active', missing),
        await working('paused', missing.toUpperCase()),
        await working('stalled', elsewhere.task_id),
      ];
      const own = aTask();
      await storage().tasks.insert(own);
      await stored(storage(), aSession({ session_id: own.session_id, current_task_id: own.task_id }));
      const right = [
        await working('active', null),
        await working('active', 'task-123'),
        await working('active', AWKWARD_TEXT),
        await working('failed', missing),
      ];
      const ids = [...wrong, ...right].map(({ session_id }) => session_id);
      assert.deepEqual(
        await suspects('current_task_missing', about(...ids, own.session_id)),
        wrong
          .map(({ session_id, current_task_id }) => ({
            kind: 'current_task_missing',
            session_id,
            task_id: current_task_id,
          }))
          .sort((one, other) => (one.session_id < other.session_id ? -1 : 1)),
      );
    });

    it('a machine whose list is not that of its live sessions', async () => {
      const machine = async (listed: 'all' | 'too few' | 'too many' | 'another' | 'one twice') => {
        const { machine_id } = aMachine();
        const live = (['active', 'paused', 'stalled'] as const).map((status) => aSession({ machine_id, status }));
        await stored(storage(), ...live, aSession({ machine_id, status: 'completed' }));
        const [first = '', ...rest] = live.map(({ session_id }) => session_id).toReversed();
        const active_sessions = {
          all: [first, ...rest],
          'too few': rest,
          'too many': [first, ...rest, randomUUID()],
          another: [randomUUID(), ...rest],
          'one twice': [first, first, ...rest],
        }[listed];
        await storage().machines.register(aMachine({ machine_id, active_sessions }));
        return machine_id;
      };
      const right = [await machine('all')];
      const idle = aMachine();
      await storage().machines.register(idle);
      const wrong = [
        await machine('too few'),
        await machine('too many'),
        await machine('another'),
        await machine('one twice'),
      ];
      assert.deepEqual(
        await suspects('active_sessions_disagree', about(...right, ...wrong, idle.machine_id)),
        wrong.sort().map((machine_id) => ({ kind: 'active_sessions_disagree', machine_id })),
      );
    });

    it('a recovered session whose successor is not there, unless it is archived', async () => {
      const successor = aSession();
      const recovered = (recovered_by: string, archived_at: Date | null = null) =>
        aSession({ status: 'completed', completed_at: at(0), recovered_by, archived_at });
      const gone = [randomUUID(), randomUUID(), randomUUID()].sort();
      const [one, other, third] = gone.map((id) => recovered(id));
      assert(one && other && third);
      const archived = recovered(randomUUID(), at(MINUTE));
      await stored(storage(), successor, recovered(successor.session_id), one, other, third, archived);
      assert.deepEqual(
        await suspects('successor_missing', about(...gone, successor.session_id, archived.session_id)),
        [one, other, third].map(({ session_id, recovered_by }) => ({
          kind: 'successor_missing',
          session_id,
          successor_id: recovered_by,
        })),
      );
    });

    it('every session that names one missing successor, wherever a batch ends', async () => {
      const successor_id = randomUUID();
      const naming = times(10, () =>
        aSession({ status: 'completed', completed_at: at(0), recovered_by: successor_id, archived_at: null }),
      );
      await stored(storage(), ...naming);
      const found = await suspects('successor_missing', about(successor_id));
      const named = found.map((suspect) => (suspect.kind === 'successor_missing' ? suspect.session_id : ''));
      assert.deepEqual(named.sort(), naming.map(({ session_id }) => session_id).sort());
    });

    it('a task whose session is not there', async () => {
      const session = aSession();
      await stored(storage(), session);
      const kept = aTask({ session_id: session.session_id });
      const orphans = times(10, () => aTask({ session_id: uniqueId('nobody') }));
      for (const task of [kept, ...orphans]) await storage().tasks.insert(task);
      assert.deepEqual(
        await suspects('task_without_session', about(kept.task_id, ...orphans.map(({ task_id }) => task_id))),
        orphans
          .map(({ task_id, session_id }) => ({ kind: 'task_without_session', task_id, session_id }))
          .sort((one, other) => (one.task_id < other.task_id ? -1 : 1)),
      );
    });

    it('no place, as long as each is held once', async () => {
      const { machine_id, project_id } = aSession();
      await stored(
        storage(),
        aSession({ machine_id, project_id }),
        aSession({ machine_id, project_id, docker_slot: 0 }),
        aSession({ machine_id, project_id, docker_slot: 1, status: 'paused' }),
        aSession({ machine_id, project_id, status: 'stalled' }),
        aSession({ machine_id, project_id, status: 'paused' }),
        aSession({ machine_id, project_id, status: 'paused' }),
      );
      assert.deepEqual(await storage().consistency.suspects('place_held_twice', null, 10), {
        suspects: [],
        next: null,
      });
    });
  });

  it('keeps the last consistency check', async () => {
    const finding = (detail: string) => ({
      kind: 'task_without_session' as const,
      session_id: 'session',
      task_id: 'task',
      machine_id: null,
      detail,
    });
    const { consistency } = storage();
    assert.equal(await consistency.lastCheck(), null);
    const first = { checked_at: at(0), findings: [finding(AWKWARD_TEXT), finding('another')] };
    await consistency.saveCheck(first);
    assert.deepEqual(await consistency.lastCheck(), first);
    await consistency.saveCheck({ checked_at: at(MINUTE), findings: [] });
    assert.deepEqual(await consistency.lastCheck(), { checked_at: at(MINUTE), findings: [] });
  });
}
