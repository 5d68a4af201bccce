import type { Runner } from '../engine/runner.ts';
import type { Bucket } from './count-buckets.ts';

/**
 * Notes that a session counts elsewhere now; to be run in the transaction that changes the session. Notes are only
 * ever added: a counter that all had to raise would make sessions that end at once collide.
 */
export async function moveCount({ models, options, run }: Runner, from: Bucket | null, to: Bucket | null): Promise<void> {
  const notes = [...(from ? [noteOf(from, -1)] : []), ...(to ? [noteOf(to, 1)] : [])];
  if (notes.length === 0 || (from && to && isSame(from, to))) return;
  await run(() => models.sessionCounts.collection.insertMany(notes, options));
}

function noteOf({ status, shard, until, hour }: Bucket, by: 1 | -1) {
  return { until, shard, [status]: { all: by, ...(hour !== null && { [hour]: by }) } };
}

function isSame(one: Bucket, other: Bucket): boolean {
  return (
    one.status === other.status && one.hour === other.hour && one.until?.getTime() === other.until?.getTime()
  );
}
