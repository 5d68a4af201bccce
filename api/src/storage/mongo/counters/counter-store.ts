import type { CounterStore } from '../../storage.ts';
import { number, type Stored } from '../documents/fields.ts';
import type { Runner } from '../engine/runner.ts';
import { upserting } from '../engine/upsert.ts';

const UPSERT = { upsert: true, returnDocument: 'after' } as const;

export function createCounterStore({ models, options, run }: Runner): CounterStore {
  return {
    hit: async (key, windowEnd) => {
      const counter = await run(() =>
        upserting(() =>
          models.counters
            .findOneAndUpdate({ key, window_end: windowEnd }, { $inc: { hits: 1 } }, { ...options, ...UPSERT })
            .lean<Stored>(),
        ),
      );
      if (!counter) throw new Error('an upsert returned no document');
      return number(counter, 'hits');
    },
    forgetEnded: async (now) => {
      await run(() => models.counters.deleteMany({ window_end: { $lt: now } }, options));
    },
  };
}
