import assert from 'node:assert/strict';
import type { Storage } from '../../../src/storage/storage.ts';
import { aPlace, aSession, aTask, at } from './builders.ts';
import { countWinners, stored, times } from './harness.ts';

const ROUNDS = 50;
const ALIVE = ['active', 'paused', 'stalled'] as const;

export function describeRaces(storage: () => Storage): void {
  const inRounds = (title: string, round: (index: number) => Promise<void>) =>
    it(`${title}, ${ROUNDS} times over`, async () => {
      for (let index = 0; index < ROUNDS; index++) await round(index);
    });

  describe('single writes at once', () => {
    inRounds('twenty insert into one place: one gets it', async (index) => {
      const place = aPlace({ docker_slot: index % 2 === 0 ? null : index });
      const winners = await countWinners(times(20, () => storage().sessions.insert(aSession(place))));
      assert.equal(winners, 1);
      const { total } = await storage().sessions.list({ project_id: place.project_id }, { limit: 1, offset: 0 });
      assert.equal(total, 1);
    });

    inRounds('twenty of twenty projects insert into one slot: one gets it', async () => {
      const { machine_id } = aPlace();
      const winners = await countWinners(
        times(20, (index) =>
          storage().sessions.insert(
            aSession({ machine_id, docker_slot: 1, status: index % 2 === 0 ? 'active' : 'paused' }),
          ),
        ),
      );
      assert.equal(winners, 1);
      assert.equal((await storage().sessions.listLiveIds(machine_id)).length, 1);
    });

    it('the same session inserted twenty times is there once', async () => {
      const session = aSession();
      const winners = await countWinners(times(20, () => storage().sessions.insert(session)));
      assert.equal(winners, 1);
      assert.deepEqual(await storage().sessions.get(session.session_id), session);
    });

    it('the same task inserted twenty times is there once', async () => {
      const task = aTask();
      const winners = await countWinners(times(20, () => storage().tasks.insert(task)));
      assert.equal(winners, 1);
      assert.deepEqual(await storage().tasks.listOfSession(task.session_id), [task]);
    });

    inRounds('twenty updates with one guard: one wins', async () => {
      const session = aSession({ status: 'failed' });
      await stored(storage(), session);
      const outcomes = await Promise.all(
        times(20, (index) =>
          storage().sessions.update(
            session.session_id,
            { notRecovered: true },
            { set: { recovered_by: `successor ${index}` }, takePosition: true },
          ),
        ),
      );
      const winners = outcomes.filter((outcome) => outcome !== null);
      assert.equal(winners.length, 1);
      const [winner] = winners;
      assert.deepEqual(await storage().sessions.get(session.session_id), winner);
      assert.equal(winner?.next_position, 1);
    });

    inRounds('twenty updates of a task with one guard: one wins', async () => {
      const task = aTask();
      await storage().tasks.insert(task);
      const outcomes = await Promise.all(
        times(20, (index) =>
          storage().tasks.update(
            task.task_id,
            { status: ['pending'] },
            { set: { status: 'in_progress', error_message: `winner ${index}` } },
          ),
        ),
      );
      const winners = outcomes.filter((outcome) => outcome !== null);
      assert.equal(winners.length, 1);
      assert.deepEqual(await storage().tasks.get(task.task_id), winners[0]);
    });

    for (const status of ALIVE) {
      inRounds(`heartbeats never revive a session that fails, ${status} before`, async () => {
        const session = aSession({ status });
        const { session_id } = session;
        await stored(storage(), session);
        const set = { status: 'failed', completed_at: at(2), error_message: 'crashed' } as const;
        const [failed] = await Promise.all([
          storage().sessions.update(session_id, { status: ALIVE }, { set }),
          ...times(3, () => storage().sessions.heartbeat(session_id, { at: at(1), currentTaskId: 'task' })),
        ]);
        assert.equal(failed?.status, 'failed');
        assert.deepEqual(await storage().sessions.get(session_id), failed);
      });
    }

    inRounds('two stalled sessions return to one place: one gets it, the other stays stalled', async () => {
      const place = aPlace();
      const pair = times(2, () => aSession({ ...place, status: 'stalled', stalled_at: at(0) }));
      await stored(storage(), ...pair);
      const winners = await countWinners(
        pair.map((session) => storage().sessions.heartbeat(session.session_id, { at: at(1) })),
      );
      assert.equal(winners, 1);
      const after = await Promise.all(pair.map((session) => storage().sessions.get(session.session_id)));
      const statuses = new Set(after.map((session) => session?.status));
      assert.deepEqual(statuses, new Set(['active', 'stalled']));
    });

    inRounds('a session returns while another is inserted into its place: one gets it', async () => {
      const stalled = aSession({ docker_slot: 1, status: 'stalled', stalled_at: at(0) });
      const { project_id, machine_id, docker_slot } = stalled;
      const newcomer = aSession({ project_id, machine_id, docker_slot });
      await stored(storage(), stalled);
      const winners = await countWinners([
        storage().sessions.heartbeat(stalled.session_id, { at: at(1) }),
        storage().sessions.insert(newcomer),
      ]);
      assert.equal(winners, 1);
      const { total } = await storage().sessions.list({ machine_id, status: 'active' }, { limit: 1, offset: 0 });
      assert.equal(total, 1);
    });

    inRounds('heartbeats that change the task keep all metadata', async () => {
      const session = aSession();
      await stored(storage(), session);
      const keys = times(5, (index) => `key ${index}`);
      await Promise.all(
        keys.map((key) =>
          storage().sessions.heartbeat(session.session_id, {
            at: at(1),
            currentTaskId: key,
            mergeMetadata: { [key]: 1 },
          }),
        ),
      );
      const after = await storage().sessions.get(session.session_id);
      assert.deepEqual(after?.metadata, Object.fromEntries(keys.map((key) => [key, 1])));
    });
  });
}
