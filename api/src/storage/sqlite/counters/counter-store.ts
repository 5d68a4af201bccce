import type { CounterStore } from '../../storage.ts';
import type { Runner } from '../engine/runner.ts';
import { integer } from '../sql/fields.ts';
import { toStored } from '../sql/values.ts';

const HIT = `
  INSERT INTO counters (key, window_end, hits) VALUES (:key, :window_end, 1)
  ON CONFLICT (key, window_end) DO UPDATE SET hits = hits + 1
  RETURNING hits`;

/** Lossy: a power cut ends the windows that were open anyway, and a limit must not cost an fsync a request. */
export function createCounterStore(runner: Runner): CounterStore {
  return {
    hit: (key, windowEnd) =>
      runner.runLossy((connection) => {
        const row = connection.first(HIT, { key, window_end: toStored(windowEnd) });
        if (!row) throw new Error('an upsert returned no row');
        return integer(row, 'hits');
      }),
    forgetEnded: async (now) => {
      await runner.runLossy((connection) =>
        connection.run('DELETE FROM counters WHERE window_end < :now', { now: toStored(now) }),
      );
    },
  };
}
