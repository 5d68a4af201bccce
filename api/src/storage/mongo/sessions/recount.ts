import * as z from 'zod/mini';
import type { Clock } from '../../../common/clock.ts';
import type { CountsCompared, EndedStatus } from '../../storage.ts';
import { number, oneOf, type Stored, timeOrNull } from '../documents/fields.ts';
import { isDuplicateKey, markTransient } from '../engine/mongo-errors.ts';
import type { Atomically, Runner } from '../engine/runner.ts';
import { upserting } from '../engine/upsert.ts';
import type { HourlyCounts } from '../schema/session-count-schema.ts';
import { bucketOf, certainHours, endOfDay, firstCertainHour, idsIn, SHARDS } from './count-buckets.ts';

const ENDED = ['completed', 'failed'] as const;

type DayCounts = Readonly<Record<EndedStatus, HourlyCounts>>;
/** The counts of a shard, by the end of the day; null for the sessions that are kept. */
type Days = Map<number | null, DayCounts>;

const NOTHING: DayCounts = { completed: { all: 0 }, failed: { all: 0 } };

/** Counts what is there already, once for each database: a shard that was counted has its document of the kept. */
export async function seedCounts(runner: Runner, atomically: Atomically, clock: Clock): Promise<void> {
  const { models, options, run } = runner;
  const seeded = await run(() => models.sessionCounts.collection.find<Stored>({ until: null }, options).toArray());
  const known = new Set(seeded.map((document) => number(document, 'shard')));
  const missing = SHARDS.map((_, shard) => shard).filter((shard) => !known.has(shard));
  if (missing.length === 0) return;
  const ended = { status: { $in: [...ENDED] } };
  if ((await run(() => models.sessions.collection.findOne(ended, options))) === null) {
    const zeros = missing.map((shard) => ({
      updateOne: { filter: { until: null, shard }, update: { $setOnInsert: NOTHING }, upsert: true },
    }));
    await run(() => upserting(() => models.sessionCounts.collection.bulkWrite(zeros, { ...options, ordered: false })));
    return;
  }
  for (const shard of missing) await atomically((inner) => recountShard(inner, shard, clock.now()));
}

export async function compareShard(runner: Runner, shard: number, now: Date): Promise<CountsCompared | null> {
  const counted = certainCounts(await countSessions(runner, shard), now);
  const kept = certainCounts(await readCounters(runner, shard), now);
  const agree = [...new Set([...counted.keys(), ...kept.keys()])].every(
    (key) => (counted.get(key) ?? 0) === (kept.get(key) ?? 0),
  );
  return agree ? null : { counted: totalOf(counted), kept: totalOf(kept) };
}

/**
 * To be run in a transaction. A session that ends meanwhile writes to one of the documents that are written here, and
 * then one of the two begins anew; or it writes to another, which was right.
 */
export async function recountShard(runner: Runner, shard: number, now: Date): Promise<void> {
  const { models, options, run } = runner;
  const counted = await countSessions(runner, shard);
  const kept = await readCounters(runner, shard);
  const days = new Set([null, ...counted.keys(), ...kept.keys()]);
  for (const day of days) {
    if (isOver(day, now)) continue;
    const [right, found] = [counted.get(day), kept.get(day)];
    if (found && sameCounts(found, right ?? NOTHING)) continue;
    const until = day === null ? null : new Date(day);
    try {
      await run(() =>
        models.sessionCounts.collection.updateOne(
          { until, shard },
          { $set: { ...(right ?? NOTHING) } },
          { ...options, upsert: true },
        ),
      );
    } catch (error) {
      if (isDuplicateKey(error)) markTransient(error);
      throw error;
    }
  }
}

async function countSessions({ models, options, run }: Runner, shard: number): Promise<Days> {
  const days: Days = new Map();
  const groups = await run(() =>
    models.sessions.collection
      .aggregate<Stored>(
        [
          { $match: { session_id: { $gte: '', ...idsIn(shard) }, status: { $in: [...ENDED] } } },
          {
            $group: {
              _id: { status: '$status', hour: { $dateTrunc: { date: '$expires_at', unit: 'hour' } } },
              count: { $sum: 1 },
            },
          },
          { $project: { _id: 0, status: '$_id.status', hour: '$_id.hour', count: 1 } },
        ],
        { ...options, hint: 'session_id' },
      )
      .toArray(),
  );
  for (const group of groups) {
    const status = oneOf(group, 'status', ENDED);
    const bucket = bucketOf({ session_id: '', status, expires_at: timeOrNull(group, 'hour') });
    const day = bucket?.until?.getTime() ?? null;
    const counts = days.get(day) ?? NOTHING;
    const count = number(group, 'count');
    const added: HourlyCounts = {
      ...counts[status],
      all: (counts[status]['all'] ?? 0) + count,
      ...(bucket?.hour && { [bucket.hour]: count }),
    };
    days.set(day, { ...counts, [status]: added });
  }
  return days;
}

const Counts = z.record(z.string(), z.number());

async function readCounters({ models, options, run }: Runner, shard: number): Promise<Days> {
  const found = await run(() => models.sessionCounts.collection.find<Stored>({ shard }, options).toArray());
  return new Map(
    found.map((document) => [
      timeOrNull(document, 'until')?.getTime() ?? null,
      { completed: Counts.parse(document['completed'] ?? {}), failed: Counts.parse(document['failed'] ?? {}) },
    ]),
  );
}

/** Only what is certain can be compared: of what has expired some is deleted already. */
function certainCounts(days: Days, now: Date): ReadonlyMap<string, number> {
  const certainFrom = firstCertainHour(now);
  const firstDay = endOfDay(certainFrom).getTime();
  const counts = new Map<string, number>();
  for (const [day, byStatus] of days) {
    if (isOver(day, now)) continue;
    for (const status of ENDED) {
      for (const [field, count] of Object.entries(byStatus[status])) {
        if (day !== firstDay || certainHours(certainFrom).includes(field)) {
          counts.set(`${status} ${field} ${day}`, count);
        }
      }
    }
  }
  return counts;
}

function isOver(day: number | null, now: Date): boolean {
  return day !== null && day < endOfDay(firstCertainHour(now)).getTime();
}

/** Each session once: in its hour, or under those that are kept. */
function totalOf(counts: ReadonlyMap<string, number>): number {
  return [...counts].reduce((total, [key, count]) => total + (/ h\d| null$/.test(key) ? count : 0), 0);
}

function sameCounts(one: DayCounts, other: DayCounts): boolean {
  return ENDED.every((status) =>
    [...new Set([...Object.keys(one[status]), ...Object.keys(other[status])])].every(
      (field) => (one[status][field] ?? 0) === (other[status][field] ?? 0),
    ),
  );
}
