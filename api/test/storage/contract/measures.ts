import assert from 'node:assert/strict';
import type { Measures } from '../../../src/storage/measures.ts';
import type { SessionRecord } from '../../../src/storage/records.ts';
import type { Storage } from '../../../src/storage/storage.ts';
import { AWKWARD_TEXT, aSession, aTask, DAY, MINUTE, olderEpoch, uniqueId } from './builders.ts';
import { stored, times } from './harness.ts';

export function describeMeasures(storage: () => Storage): void {
  describe('the measures of a period', () => {
    const during = async (time: (milliseconds: number) => Date, mostReasons = 10): Promise<Measures> =>
      storage().history.measure({ since: time(0), until: time(DAY) }, mostReasons);

    /** A session that ended at that time, kept out of the way of tests that look at the live ones. */
    const ended = (completed_at: Date, given: Partial<SessionRecord> = {}) =>
      aSession({ status: 'completed', created_at: completed_at, started_at: completed_at, completed_at, ...given });

    it('are nothing where nothing happened', async () => {
      const none = { p50: null, p95: null };
      assert.deepEqual(await during(olderEpoch()), {
        stalls: { detected: 0, returned: 0, timeToDetectMs: none },
        heartbeats: { received: 0, refused: 0 },
        sessions: { started: 0, completed: 0, failed: 0, recovered: 0, stalled: 0, durationMs: none },
        tasks: { created: 0, completed: 0, failed: 0 },
        failureReasons: [],
      });
    });

    it('count sessions by when they were created and how they ended, from its start to before its end', async () => {
      const time = olderEpoch();
      const [first, last, before, after] = [time(0), time(DAY - 1), time(-1), time(DAY)];
      for (const inside of [first, last]) {
        await stored(
          storage(),
          ended(inside),
          ended(inside, { status: 'failed' }),
          ended(inside, { recovered_by: uniqueId('session') }),
          ended(inside, { archived_at: inside }),
        );
      }
      for (const outside of [before, after]) {
        await stored(storage(), ended(outside), ended(outside, { status: 'failed' }));
        await stored(storage(), ended(outside, { recovered_by: uniqueId('session') }));
      }
      const { sessions } = await during(time);
      assert.deepEqual(
        { ...sessions, durationMs: undefined },
        { started: 8, completed: 4, failed: 2, recovered: 2, stalled: 0, durationMs: undefined },
      );
    });

    it('count the sessions that stalled in it and still are', async () => {
      const time = olderEpoch();
      const given = { created_at: time(0), last_heartbeat: time(0) };
      await stored(
        storage(),
        aSession({ ...given, status: 'stalled', stalled_at: time(MINUTE) }),
        aSession({ ...given, status: 'stalled', stalled_at: time(DAY) }),
        aSession({ ...given, status: 'active', returned_at: time(MINUTE) }),
      );
      assert.equal((await during(time)).sessions.stalled, 1);
    });

    it('tell how long the completed sessions took, and nothing of the others', async () => {
      const time = olderEpoch();
      const completed_at = time(MINUTE);
      const took = (milliseconds: number, given: Partial<SessionRecord> = {}) =>
        ended(completed_at, { started_at: new Date(completed_at.getTime() - milliseconds), ...given });
      await stored(storage(), ...times(9, (index) => took((index + 1) * 1000)));
      await stored(storage(), took(2 ** 33), took(-5000));
      await stored(storage(), took(7, { status: 'failed' }), took(7, { recovered_by: 'another' }));
      assert.deepEqual((await during(time)).sessions.durationMs, { p50: 5000, p95: 2 ** 33 });
    });

    it('never tell of a time below nought', async () => {
      const time = olderEpoch();
      await stored(storage(), ended(time(0), { started_at: time(MINUTE) }));
      assert.deepEqual((await during(time)).sessions.durationMs, { p50: 0, p95: 0 });
    });

    it('count tasks by when they were created and how they ended', async () => {
      const time = olderEpoch();
      const { tasks } = storage();
      for (const [created, end] of [
        [0, DAY - 1],
        [-1, 0],
        [-2, -1],
        [5, DAY],
      ] as const) {
        for (const status of ['completed', 'failed'] as const) {
          await tasks.insert(aTask({ status, created_at: time(created), completed_at: time(end) }));
        }
      }
      await tasks.insert(aTask({ status: 'blocked', created_at: time(5) }));
      assert.deepEqual((await during(time)).tasks, { created: 5, completed: 2, failed: 2 });
    });

    it('list the commonest reasons for failure first, then by text, and no more than asked for', async () => {
      const time = olderEpoch();
      const failed = (error_message: string | null, given: Partial<SessionRecord> = {}) =>
        ended(time(MINUTE), { status: 'failed', error_message, ...given });
      const recovered = { status: 'completed', recovered_by: 'another' } as const;
      await stored(storage(), failed('out of memory'), failed('out of memory'), failed('out of memory', recovered));
      await stored(storage(), failed(AWKWARD_TEXT), failed(AWKWARD_TEXT));
      await stored(storage(), failed('b'), failed('a'), failed(null));
      // It stalled, and so gave no reason; and one that failed outside the period.
      await stored(storage(), failed(null, recovered), failed('b', { completed_at: time(DAY) }));
      const { failureReasons } = await during(time);
      assert.deepEqual(failureReasons, [
        { reason: 'out of memory', count: 3 },
        { reason: AWKWARD_TEXT, count: 2 },
        { reason: null, count: 1 },
        { reason: 'a', count: 1 },
        { reason: 'b', count: 1 },
      ]);
      assert.deepEqual((await during(time, 2)).failureReasons, failureReasons.slice(0, 2));
    });
  });
}
