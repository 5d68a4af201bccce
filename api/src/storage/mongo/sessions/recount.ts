import type { CountsCompared } from '../../storage.ts';
import { number, oneOf, type Stored, textOrNull } from '../documents/fields.ts';
import type { Atomically, Runner } from '../engine/runner.ts';
import { upserting } from '../engine/upsert.ts';
import { certainFrom, dayOf, ENDED, KEPT, SHARDS } from './count-buckets.ts';
import { ALL_SHARDS, countFrom, type EndedCounts, readKept } from './kept-counts.ts';

/** Counts what a database from before there were counts holds, once; `atomically` has to grant the time for that. */
export async function seedCounts(runner: Runner, atomically: Atomically): Promise<void> {
  const { models, options, run } = runner;
  const counts = models.sessionCounts.collection;
  const isSeeded = async ({ options: within }: Runner) =>
    (await run(() => counts.countDocuments({ complete: true }, within))) === SHARDS;
  if (await isSeeded(runner)) return;
  // All are there before any is counted, because the recount keeps writers off by what it finds to write to.
  const shards = Array.from({ length: SHARDS }, (_, shard) => ({
    updateOne: {
      filter: { shard },
      update: { $setOnInsert: { complete: false, completed: {}, failed: {} } },
      upsert: true,
    },
  }));
  await run(() => upserting(() => counts.bulkWrite(shards, { ...options, ordered: false })));
  await atomically(recount);
}

/**
 * To be run in a transaction. It writes to all shards before it looks at a session: whoever counts one meanwhile waits
 * or begins anew, and whoever did so just before makes this one begin anew. So each session is counted by one of them.
 */
export async function recount(runner: Runner): Promise<void> {
  const { models, options, run } = runner;
  const counts = models.sessionCounts.collection;
  await run(() => counts.updateMany(ALL_SHARDS, { $set: { complete: true, completed: {}, failed: {} } }, options));
  const counted = await countEnded(runner);
  await run(() => counts.updateOne({ shard: 0 }, { $set: counted }, options));
}

/** Only what is certain can be compared: of what has expired some is deleted already. */
export async function compareCounts(runner: Runner, now: Date): Promise<CountsCompared | null> {
  const firstDay = dayOf(certainFrom(now));
  const kept = await readKept(runner);
  const counted = await countEnded(runner);
  const agree = ENDED.every((status) =>
    [...Object.keys(kept[status]), ...Object.keys(counted[status])].every(
      (day) => day < firstDay || (kept[status][day] ?? 0) === (counted[status][day] ?? 0),
    ),
  );
  const total = ({ completed, failed }: EndedCounts) => countFrom(firstDay, completed) + countFrom(firstDay, failed);
  return agree ? null : { kept: total(kept), counted: total(counted) };
}

/** Reads the index and no document. */
async function countEnded({ models, options, run }: Runner): Promise<EndedCounts> {
  const day = { $dateToString: { date: '$expires_at', format: '%Y-%m-%d' } };
  const groups = await run(() =>
    models.sessions.collection
      .aggregate<Stored>(
        [
          { $match: { status: { $in: [...ENDED] } } },
          { $group: { _id: { status: '$status', day }, count: { $sum: 1 } } },
          { $project: { _id: 0, status: '$_id.status', day: '$_id.day', count: 1 } },
        ],
        { ...options, hint: 'status_expires_at' },
      )
      .toArray(),
  );
  const days: Record<(typeof ENDED)[number], Record<string, number>> = { completed: {}, failed: {} };
  for (const group of groups) {
    days[oneOf(group, 'status', ENDED)][textOrNull(group, 'day') ?? KEPT] = number(group, 'count');
  }
  return days;
}
