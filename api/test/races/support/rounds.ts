import assert from 'node:assert/strict';
import type { TestApi, TestReply } from '../../support/test-api.ts';

export const ROUNDS = 50;

/** Runs a race often enough that luck does not decide it; a failure says in which round it was. */
export async function inRounds(race: (round: number) => Promise<void>): Promise<void> {
  for (let round = 0; round < ROUNDS; round++) {
    try {
      await race(round);
    } catch (error) {
      throw new Error(`round ${round + 1} of ${ROUNDS} was lost`, { cause: error });
    }
  }
}

/** Starts all at once, each round with another of them in the lead. Results come in the order of the contenders. */
export async function race<T>(round: number, contenders: readonly (() => Promise<T>)[]): Promise<T[]> {
  const lead = round % contenders.length;
  const started = [...contenders.slice(lead), ...contenders.slice(0, lead)].map((start) => start());
  const results = await Promise.all(started);
  const first = contenders.length - lead;
  return [...results.slice(first), ...results.slice(0, first)];
}

export function times<T>(count: number, make: (index: number) => T): T[] {
  return Array.from({ length: count }, (_, index) => make(index));
}

/** How many replies had each status, as in `{ 201: 1, 409: 19 }`. */
export function statusesOf(replies: readonly TestReply<unknown>[]): Record<number, number> {
  const counts: Record<number, number> = {};
  for (const { status } of replies) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
}

export function theOnly<T>(items: readonly T[]): T {
  const [item] = items;
  assert.equal(items.length, 1);
  if (item === undefined) throw new assert.AssertionError({ message: 'there is none' });
  return item;
}

export async function sessionsOf(api: TestApi, project_id: string) {
  const { records } = await api.storage.sessions.list({ project_id }, { limit: 100, offset: 0 });
  return records;
}
