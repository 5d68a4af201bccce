import type { SessionStatus } from '@claude-projects/shared/contract';
import type { LiveStatus, SessionFilter } from '../../storage.ts';
import { number, type Stored, text } from '../documents/fields.ts';
import { both, type Runner } from '../engine/runner.ts';
import { certainFrom, dayOf, ENDED, isEnded } from './count-buckets.ts';
import { countFrom, readKept } from './kept-counts.ts';

const LIVE = ['active', 'paused', 'stalled'] as const;

/**
 * Reads entries of an index for the live, and for those that expire about now; of the rest the counts are kept. What
 * ends between the two looks may be counted twice or not at all, until the next look.
 */
export async function countByStatus(runner: Runner, now: Date): Promise<Record<SessionStatus, number>> {
  const certain = certainFrom(now);
  const looked = {
    $or: [{ status: { $in: [...LIVE] } }, { status: { $in: [...ENDED] }, expires_at: { $lt: certain } }],
  };
  const [count, kept] = await both(
    runner,
    () => group(runner, looked),
    () => readKept(runner),
  );
  const ended = (status: (typeof ENDED)[number]) => count(status) + countFrom(dayOf(certain), kept[status]);
  return {
    active: count('active'),
    paused: count('paused'),
    completed: ended('completed'),
    failed: ended('failed'),
    stalled: count('stalled'),
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
