import type { ClientSession, Connection } from 'mongoose';
import { StorageTimeoutError } from '../../storage-errors.ts';
import type { Models } from '../schema/models.ts';
import { isTransient, storageErrorFrom } from './mongo-errors.ts';
import type { Runner } from './runner.ts';

/** Repeated attempts and the commit included; the driver alone would go on for two minutes. */
const CALLS_WORTH_OF_TIME = 2;

export interface TransactionParts {
  readonly connection: Connection;
  readonly models: Models;
  readonly timeoutMs: number;
  readonly place: string;
}

export async function inTransaction<T>(parts: TransactionParts, work: (runner: Runner) => Promise<T>): Promise<T> {
  const { timeoutMs, place } = parts;
  const limit = new TimeLimit(timeoutMs * CALLS_WORTH_OF_TIME, place);
  try {
    return await Promise.race([attempts(parts, limit, work), limit.reached]);
  } catch (error) {
    throw storageErrorFrom(error, place);
  } finally {
    limit.dispose();
  }
}

/** Goes on for itself once the limit is reached, until the driver gives up or learns how the commit went. */
async function attempts<T>(
  parts: TransactionParts,
  limit: TimeLimit,
  work: (runner: Runner) => Promise<T>,
): Promise<T> {
  const session = await parts.connection.startSession();
  try {
    return await session.withTransaction(() => attempt(parts, session, limit, work), {
      readConcern: { level: 'snapshot' },
      writeConcern: { w: 'majority' },
      readPreference: 'primary',
      maxCommitTimeMS: parts.timeoutMs,
    });
  } finally {
    await session.endSession();
  }
}

async function attempt<T>(
  { models, timeoutMs, place }: TransactionParts,
  session: ClientSession,
  limit: TimeLimit,
  work: (runner: Runner) => Promise<T>,
): Promise<T> {
  limit.check();
  let failure: { error: unknown } | undefined;
  const result = await work({
    models,
    options: { maxTimeMS: timeoutMs, session },
    run: async (call) => {
      try {
        return await call();
      } catch (error) {
        // The driver repeats the transaction for what it recognizes as a passing collision, so that goes as it is.
        const told = isTransient(error) ? error : storageErrorFrom(error, place);
        failure ??= { error: told };
        throw told;
      }
    },
  });
  // The server gave the transaction up at its first error. If `work` swallowed that, a commit would fail with an
  // error that asks for a repetition, again and again.
  if (failure) throw failure.error;
  return result;
}

/** Owns its timer; whoever makes one disposes it. */
class TimeLimit {
  readonly reached: Promise<never>;
  readonly #error: StorageTimeoutError;
  readonly #timer: NodeJS.Timeout;
  #isReached = false;

  constructor(milliseconds: number, place: string) {
    this.#error = new StorageTimeoutError(
      `MongoDB at ${place} did not complete a transaction in time: look for what keeps it busy, or raise DATABASE_TIMEOUT_MS.`,
    );
    const { promise, reject } = Promise.withResolvers<never>();
    this.reached = promise;
    this.#timer = setTimeout(() => {
      this.#isReached = true;
      reject(this.#error);
    }, milliseconds);
  }

  check(): void {
    if (this.#isReached) throw this.#error;
  }

  dispose(): void {
    clearTimeout(this.#timer);
  }
}
