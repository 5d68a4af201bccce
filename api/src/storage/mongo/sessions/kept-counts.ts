import * as z from 'zod/mini';
import type { EndedStatus } from '../../storage.ts';
import type { Stored } from '../documents/fields.ts';
import type { Runner } from '../engine/runner.ts';
import type { DayCounts } from '../schema/session-count-schema.ts';

export type EndedCounts = Record<EndedStatus, DayCounts>;

const Days = z._default(z.record(z.string(), z.number()), {});
const Shard = z.object({ completed: Days, failed: Days });

/** By the index, so that no plan reads a collection from end to end. */
export const ALL_SHARDS = { shard: { $gte: 0 } };

/** The counts of all shards, the days that are over included. */
export async function readKept({ models, options, run }: Runner): Promise<EndedCounts> {
  const found = await run(() => models.sessionCounts.collection.find<Stored>(ALL_SHARDS, options).toArray());
  const shards = found.map((document) => Shard.parse(document));
  return { completed: sum(shards.map(({ completed }) => completed)), failed: sum(shards.map(({ failed }) => failed)) };
}

function sum(shards: readonly DayCounts[]): DayCounts {
  const days: Record<string, number> = {};
  for (const shard of shards) {
    for (const [day, count] of Object.entries(shard)) days[day] = (days[day] ?? 0) + count;
  }
  return days;
}

/** How many of them expire on that day, later, or never. */
export function countFrom(firstDay: string, days: DayCounts): number {
  return Object.entries(days).reduce((total, [day, count]) => (day >= firstDay ? total + count : total), 0);
}
