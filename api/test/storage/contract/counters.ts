import assert from 'node:assert/strict';
import type { Storage } from '../../../src/storage/storage.ts';
import { AWKWARD_TEXT, DAY, FAR_AHEAD, MINUTE, uniqueId } from './builders.ts';
import { times } from './harness.ts';

/** Ahead of the real clock, by which an engine may forget a window that ended. */
const after = (milliseconds: number): Date => new Date(FAR_AHEAD.getTime() + milliseconds);

export function describeCounters(storage: () => Storage): void {
  describe('a counter', () => {
    it('counts from one', async () => {
      const { counters } = storage();
      const key = `${uniqueId('key')} ${AWKWARD_TEXT}`;
      for (const expected of [1, 2, 3]) assert.equal(await counters.hit(key, after(0)), expected);
    });

    it('is one for each key and each window', async () => {
      const { counters } = storage();
      const key = uniqueId('key');
      assert.equal(await counters.hit(key, after(0)), 1);
      assert.equal(await counters.hit(key.toUpperCase(), after(0)), 1);
      assert.equal(await counters.hit(key, after(MINUTE)), 1);
      assert.equal(await counters.hit(key, after(0)), 2);
    });

    it('gives fifty who hit it at once a number each', async () => {
      const { counters } = storage();
      for (let round = 0; round < 3; round++) {
        const key = uniqueId('key');
        const hits = await Promise.all(times(50, () => counters.hit(key, after(0))));
        assert.deepEqual(
          hits.toSorted((one, other) => one - other),
          times(50, (index) => index + 1),
        );
      }
    });

    it('is forgotten once its window has ended, and not before', async () => {
      const { counters } = storage();
      const key = uniqueId('key');
      await counters.hit(key, after(0));
      await counters.hit(key, after(DAY));
      await counters.forgetEnded(after(0));
      assert.equal(await counters.hit(key, after(0)), 2);
      await counters.forgetEnded(after(1));
      assert.equal(await counters.hit(key, after(0)), 1);
      assert.equal(await counters.hit(key, after(DAY)), 2);
    });
  });
}
