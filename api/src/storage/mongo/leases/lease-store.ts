import type { JobRun } from '../../records.ts';
import type { LeaseStore } from '../../storage.ts';
import { boolean, number, type Stored, text, time } from '../documents/fields.ts';
import { isDuplicateKey } from '../engine/mongo-errors.ts';
import type { Runner } from '../engine/runner.ts';
import { upserting } from '../engine/upsert.ts';

export function createLeaseStore({ models, options, run }: Runner): LeaseStore {
  return {
    acquire: (name, holder, now, until) =>
      run(async () => {
        const free = { name, $or: [{ held_until: { $lte: now } }, { holder }] };
        try {
          const set = { holder, held_until: until };
          const taken = await models.leases.updateOne(free, { $set: set }, { ...options, upsert: true });
          return taken.matchedCount + taken.upsertedCount === 1;
        } catch (error) {
          // There is one of that name and it is not free, so the upsert tried to make a second.
          if (isDuplicateKey(error)) return false;
          throw error;
        }
      }),
    release: async (name, holder) => {
      await run(() => models.leases.deleteOne({ name, holder }, options));
    },
    recordRun: async ({ job, ...outcome }) => {
      await run(() => models.jobRuns.updateOne({ job }, { $set: outcome }, { ...options, upsert: true }));
    },
    lastRuns: async () => {
      const runs = await run(() => models.jobRuns.find({}, null, options).sort({ job: 1 }).lean<Stored[]>());
      return runs.map(toJobRun);
    },
    expectJobs: async (jobs, now) => {
      for (const job of jobs) {
        const update = { $setOnInsert: { since: now } };
        await run(() => upserting(() => models.expectedJobs.updateOne({ job }, update, { ...options, upsert: true })));
      }
      const filter = { job: { $in: [...jobs] } };
      const expected = await run(() =>
        models.expectedJobs.find(filter, null, options).sort({ job: 1 }).lean<Stored[]>(),
      );
      return expected.map((stored) => ({ job: text(stored, 'job'), since: time(stored, 'since') }));
    },
  };
}

function toJobRun(stored: Stored): JobRun {
  return {
    job: text(stored, 'job'),
    started_at: time(stored, 'started_at'),
    duration_ms: number(stored, 'duration_ms'),
    affected: number(stored, 'affected'),
    succeeded: boolean(stored, 'succeeded'),
  };
}
