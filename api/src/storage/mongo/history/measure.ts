import type { Model } from 'mongoose';
import { type Measures, type Period, rankOf, type Spread } from '../../measures.ts';
import type { SessionRecord, TaskRecord } from '../../records.ts';
import { number, type Stored, textOrNull } from '../documents/fields.ts';
import type { Runner } from '../engine/runner.ts';

const HOUR_MS = 3_600_000;

type Query = Readonly<Record<string, unknown>>;
/** The value of a document as an expression. */
type Value = string | Readonly<Record<string, unknown>>;

/** One query after the other: nobody waits for measures, and they are not to crowd out what somebody waits for. */
export async function measure(runner: Runner, { since, until }: Period, mostReasons: number): Promise<Measures> {
  const { sessions, tasks, stalls } = runner.models;
  const within = { $gte: since, $lt: until };
  const ended = (status: SessionRecord['status'] & TaskRecord['status']) => ({ status, completed_at: within });
  const completed = { ...ended('completed'), recovered_by: null };
  // `$gt: ''` and not `$ne: null`: any text, and nothing else.
  const recovered = { ...ended('completed'), recovered_by: { $gt: '' } };
  const found = { detected_at: within };
  return {
    stalls: {
      detected: await count(runner, stalls, found),
      returned: await count(runner, stalls, { ...found, returned_at: { $gt: new Date(0) } }),
      timeToDetectMs: await spread(runner, stalls, found, '$silence_ms'),
    },
    heartbeats: await sumHeartbeats(runner, since, until),
    sessions: {
      started: await count(runner, sessions, { created_at: within }),
      completed: await count(runner, sessions, completed),
      failed: await count(runner, sessions, ended('failed')),
      recovered: await count(runner, sessions, recovered),
      stalled: await count(runner, sessions, { status: 'stalled', stalled_at: within }),
      durationMs: await spread(runner, sessions, completed, {
        $max: [0, { $subtract: ['$completed_at', '$started_at'] }],
      }),
    },
    tasks: {
      created: await count(runner, tasks, { created_at: within }),
      completed: await count(runner, tasks, ended('completed')),
      failed: await count(runner, tasks, ended('failed')),
    },
    // A completed session has a reason only if it failed and was recovered.
    failureReasons: await commonestReasons(
      runner,
      { $or: [ended('failed'), { ...recovered, error_message: { $gt: '' } }] },
      mostReasons,
    ),
  };
}

function count<Record_>({ options, run }: Runner, { collection }: Model<Record_>, query: Query): Promise<number> {
  return run(() => collection.countDocuments(query, options));
}

async function spread<Record_>(runner: Runner, model: Model<Record_>, query: Query, value: Value): Promise<Spread> {
  const total = await count(runner, model, query);
  const at = async (share: number): Promise<number | null> => {
    const [row] = await aggregate(runner, model, [
      { $match: query },
      { $project: { _id: 0, value } },
      { $sort: { value: 1 } },
      { $skip: rankOf(share, total) },
      { $limit: 1 },
    ]);
    return row === undefined ? null : Number(row['value']);
  };
  return { p50: await at(0.5), p95: await at(0.95) };
}

async function sumHeartbeats(runner: Runner, since: Date, until: Date): Promise<Measures['heartbeats']> {
  const before = new Date(since.getTime() - HOUR_MS);
  const [sum] = await aggregate(runner, runner.models.heartbeatCounts, [
    { $match: { hour: { $gt: before, $lt: until } } },
    { $group: { _id: null, received: { $sum: '$received' }, refused: { $sum: '$refused' } } },
  ]);
  return sum === undefined
    ? { received: 0, refused: 0 }
    : { received: number(sum, 'received'), refused: number(sum, 'refused') };
}

async function commonestReasons(runner: Runner, query: Query, most: number): Promise<Measures['failureReasons']> {
  const groups = await aggregate(runner, runner.models.sessions, [
    { $match: query },
    { $group: { _id: '$error_message', count: { $sum: 1 } } },
    { $sort: { count: -1, _id: 1 } },
    { $limit: most },
  ]);
  return groups.map((group) => ({ reason: textOrNull(group, '_id'), count: number(group, 'count') }));
}

/** Past mongoose, which would look for the fields of the schema in what is computed. */
function aggregate<Record_>(
  { options, run }: Runner,
  { collection }: Model<Record_>,
  pipeline: Query[],
): Promise<Stored[]> {
  return run(() =>
    collection
      .aggregate<Stored>(
        pipeline.map((stage) => ({ ...stage })),
        options,
      )
      .toArray(),
  );
}
