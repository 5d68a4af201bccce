import * as z from 'zod/mini';
import type { EndedStatus } from '../../storage.ts';
import { type Stored, timeOrNull } from '../documents/fields.ts';
import type { HourlyCounts } from '../schema/session-count-schema.ts';

export const ENDED = ['completed', 'failed'] as const;

export type DayCounts = Readonly<Record<EndedStatus, HourlyCounts>>;

/** By the end of the day; null for the sessions that are kept. */
export type Days = ReadonlyMap<number | null, DayCounts>;

const NOTHING: DayCounts = { completed: {}, failed: {} };
const Counts = z.record(z.string(), z.number());

/** Adds up what was noted of each day. */
export function daysOf(notes: readonly Stored[]): Days {
  return notes.map(toDays).reduce((sum, note) => combine(sum, note, 1), new Map());
}

function toDays(note: Stored): Days {
  const counts = { completed: Counts.parse(note['completed'] ?? {}), failed: Counts.parse(note['failed'] ?? {}) };
  return new Map([[timeOrNull(note, 'until')?.getTime() ?? null, counts]]);
}

/** `one` and, `by` times, `other`. */
export function combine(one: Days, other: Days, by: 1 | -1): Days {
  const combined = new Map(one);
  for (const [day, counts] of other) {
    const before = combined.get(day) ?? NOTHING;
    combined.set(day, {
      completed: combineHours(before.completed, counts.completed, by),
      failed: combineHours(before.failed, counts.failed, by),
    });
  }
  return combined;
}

function combineHours(one: HourlyCounts, other: HourlyCounts, by: 1 | -1): HourlyCounts {
  const combined = { ...one };
  for (const [hour, count] of Object.entries(other)) combined[hour] = (combined[hour] ?? 0) + by * count;
  return Object.fromEntries(Object.entries(combined).filter(([, count]) => count !== 0));
}

export function isNothing({ completed, failed }: DayCounts): boolean {
  return Object.keys(completed).length === 0 && Object.keys(failed).length === 0;
}
