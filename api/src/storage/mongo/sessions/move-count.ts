import type { Runner } from '../engine/runner.ts';
import { type Bucket, shardOf } from './count-buckets.ts';

/** Counts a session elsewhere; to be run in the transaction that changes the session. */
export async function moveCount(
  { models, options, run }: Runner,
  sessionId: string,
  from: Bucket | null,
  to: Bucket | null,
): Promise<void> {
  const [before, after] = [from && fieldOf(from), to && fieldOf(to)];
  if (before === after) return;
  const $inc = { ...(before !== null && { [before]: -1 }), ...(after !== null && { [after]: 1 }) };
  await run(() => models.sessionCounts.collection.updateOne({ shard: shardOf(sessionId) }, { $inc }, options));
}

function fieldOf({ status, day }: Bucket): string {
  return `${status}.${day}`;
}
