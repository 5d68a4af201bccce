import assert from 'node:assert/strict';
import type { SessionRecord } from '../../../src/storage/records.ts';
import type { Storage } from '../../../src/storage/storage.ts';
import { type UniqueConstraint, UniqueViolationError } from '../../../src/storage/storage-errors.ts';

export interface OpenedStorage {
  storage: Storage;
  dispose: () => Promise<void>;
}

/** Opens a storage that holds nothing yet. */
export type OpenStorage = () => Promise<OpenedStorage>;

/** One storage for all tests of the surrounding `describe`; they keep apart by the ids they use. */
export function useStorage(open: OpenStorage): () => Storage {
  let opened: OpenedStorage | undefined;
  before(async () => {
    opened = await open();
  });
  after(async () => {
    await opened?.dispose();
    opened = undefined;
  });
  return () => {
    assert(opened, 'the storage is open only while the tests run');
    return opened.storage;
  };
}

export async function stored(storage: Storage, ...records: SessionRecord[]): Promise<void> {
  for (const record of records) await storage.sessions.insert(record);
}

export function ids(records: readonly { session_id: string }[]): string[] {
  return records.map((record) => record.session_id);
}

/** Where a write breaks two constraints at once, an engine may name either. */
export async function violates(write: Promise<unknown>, ...constraints: UniqueConstraint[]): Promise<void> {
  await assert.rejects(write, (error) => {
    assert(error instanceof UniqueViolationError, `expected a UniqueViolationError, got ${String(error)}`);
    assert(constraints.includes(error.constraint), `${error.constraint} is not one of ${constraints.join(', ')}`);
    return true;
  });
}

/** Counts the writes that got through; every other one must have failed for the uniqueness of something. */
export async function countWinners(writes: readonly Promise<unknown>[]): Promise<number> {
  const outcomes = await Promise.allSettled(writes);
  let winners = 0;
  for (const outcome of outcomes) {
    if (outcome.status === 'fulfilled') winners++;
    else if (!(outcome.reason instanceof UniqueViolationError)) throw outcome.reason;
  }
  return winners;
}

export function times<T>(count: number, make: (index: number) => T): T[] {
  return Array.from({ length: count }, (_, index) => make(index));
}

/** Observes at least once, and again and again for as long as the work goes on. */
export async function during(work: Promise<unknown>, observe: () => Promise<void>): Promise<void> {
  const state = { running: true };
  const ended = work.finally(() => {
    state.running = false;
  });
  const observed = (async () => {
    do {
      await observe();
    } while (state.running);
  })();
  await Promise.all([ended, observed]);
}
