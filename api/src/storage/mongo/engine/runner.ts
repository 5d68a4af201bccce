import type { ClientSession } from 'mongoose';
import type { Models } from '../schema/models.ts';

export interface CallOptions {
  readonly maxTimeMS: number;
  readonly session?: ClientSession;
}

/** Makes the calls of the stores: each on its own, or all of them within one transaction. */
export interface Runner {
  readonly models: Models;
  /** Goes with every call; without it a call escapes the transaction, or never gives up. */
  readonly options: CallOptions;
  /** Turns the errors of the driver into those of the port. */
  readonly run: <T>(call: () => Promise<T>) => Promise<T>;
}

/** Runs what takes more than one call: in the transaction there is, or in one of its own. */
export type Atomically = <T>(work: (runner: Runner) => Promise<T>) => Promise<T>;

/** A transaction is a single conversation: calls at once would garble it. */
export async function both<First, Second>(
  runner: Runner,
  first: () => Promise<First>,
  second: () => Promise<Second>,
): Promise<[First, Second]> {
  if (runner.options.session === undefined) return Promise.all([first(), second()]);
  return [await first(), await second()];
}
