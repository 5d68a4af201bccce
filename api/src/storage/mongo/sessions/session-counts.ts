import { SessionStatus } from '@claude-projects/shared/contract';
import type { EndedStatus, LiveStatus, SessionFilter } from '../../storage.ts';
import { number, type Stored, text } from '../documents/fields.ts';
import { both, type Runner } from '../engine/runner.ts';
import { certainHours, endOfDay, firstCertainHour, isEnded } from './count-buckets.ts';

const LIVE = ['active', 'paused', 'stalled'] as const;
const ENDED = ['completed', 'failed'] as const;

/** Reads entries of an index for the live, and for those that expire about now; the rest is kept in counters. */
export async function countByStatus(runner: Runner, now: Date): Promise<Record<SessionStatus, number>> {
  const certainFrom = firstCertainHour(now);
  const [live, [expiring, certain]] = await both(
    runner,
    () => countLive(runner),
    () =>
      both(
        runner,
        () => group(runner, { status: { $in: [...ENDED] }, expires_at: { $lt: certainFrom } }),
        () => sumCounters(runner, certainFrom),
      ),
  );
  return {
    ...live,
    completed: Math.max(0, expiring('completed') + certain('completed')),
    failed: Math.max(0, expiring('failed') + certain('failed')),
  };
}

export async function countLive(runner: Runner): Promise<Record<LiveStatus, number>> {
  const count = await group(runner, { status: { $in: [...LIVE] } });
  return { active: count('active'), paused: count('paused'), stalled: count('stalled') };
}

/** The total of a list that shows all sessions, or all in an ended state, is known; undefined for all others. */
export async function knownTotal(runner: Runner, filter: SessionFilter, now: Date): Promise<number | undefined> {
  const { status, ...others } = filter;
  if (Object.values(others).some((condition) => condition !== undefined)) return undefined;
  if (status !== undefined && !isEnded(status)) return undefined;
  const counts = await countByStatus(runner, now);
  return status === undefined ? Object.values(counts).reduce((total, count) => total + count, 0) : counts[status];
}

/** Naming the statuses lets the count come from an index alone. Past mongoose: nothing in it comes from a caller. */
async function group({ models, options, run }: Runner, query: Readonly<Record<string, unknown>>) {
  const groups = await run(() =>
    models.sessions.collection
      .aggregate<Stored>([{ $match: query }, { $group: { _id: '$status', count: { $sum: 1 } } }], options)
      .toArray(),
  );
  const counts = new Map(groups.map((found) => [text(found, '_id'), number(found, 'count')]));
  return (status: SessionStatus) => counts.get(status) ?? 0;
}

/** Whole days from one document each; of the day in which certainty begins the hours from there on. */
async function sumCounters({ models, options, run }: Runner, certainFrom: Date) {
  const firstDay = endOfDay(certainFrom);
  const sumOf = (status: EndedStatus) => ({
    $sum: {
      $cond: [
        { $eq: ['$until', firstDay] },
        { $add: certainHours(certainFrom).map((hour) => countIn(status, hour)) },
        countIn(status, 'all'),
      ],
    },
  });
  const [sum] = await run(() =>
    models.sessionCounts.collection
      .aggregate<Stored>(
        [
          { $match: { $or: [{ until: null }, { until: { $gte: firstDay } }] } },
          { $group: { _id: null, completed: sumOf('completed'), failed: sumOf('failed') } },
        ],
        options,
      )
      .toArray(),
  );
  return (status: EndedStatus) => (sum === undefined ? 0 : number(sum, status));
}

function countIn(status: EndedStatus, field: string) {
  return { $ifNull: [`$${status}.${field}`, 0] };
}
