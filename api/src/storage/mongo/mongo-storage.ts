import type { Connection } from 'mongoose';
import { type Clock, systemClock } from '../../common/clock.ts';
import type { Storage, Stores } from '../storage.ts';
import { StorageUnavailableError } from '../storage-errors.ts';
import { buildIndexes } from './connection/build-indexes.ts';
import { hostsOfConnection } from './connection/hosts.ts';
import { requireTransactions } from './connection/require-transactions.ts';
import { createConsistencyStore } from './consistency/consistency-store.ts';
import { createCounterStore } from './counters/counter-store.ts';
import type { Atomically, Runner } from './engine/runner.ts';
import { singleCalls } from './engine/single-calls.ts';
import { inTransaction } from './engine/transaction.ts';
import { createHistoryStore } from './history/history-store.ts';
import { createLeaseStore } from './leases/lease-store.ts';
import { createMachineStore } from './machines/machine-store.ts';
import { mountModels } from './schema/models.ts';
import { seedCounts } from './sessions/recount.ts';
import { createSessionStore } from './sessions/session-store.ts';
import { createTaskStore } from './tasks/task-store.ts';

/** Once for each database, at the first start: a look at each session there is. */
const SEEDING_MS = 30_000;

export interface MongoStorageOptions {
  /** How long a single call to the database may take. */
  timeoutMs: number;
  /** Stands for the clock of the server, which deletes what has expired: the two may differ by an hour. */
  clock?: Clock;
}

/**
 * The storage on a connection that somebody else opened, best with `connectionOptions`, and closes: closing the
 * storage only ends the storage. Throws StorageStartError where the server lacks what it needs.
 */
export async function createMongoStorage(
  connection: Connection,
  { timeoutMs, clock = systemClock }: MongoStorageOptions,
): Promise<Storage> {
  const hosts = hostsOfConnection(connection);
  const models = mountModels(connection);
  await requireTransactions(connection, hosts);
  await buildIndexes(models, hosts);

  let closed = false;
  const mustBeOpen = () => {
    if (closed) throw new StorageUnavailableError('The storage is closed: the API is shutting down.');
  };
  const calls = singleCalls(models, timeoutMs, hosts, mustBeOpen);
  const atomically: Atomically = (work) => {
    mustBeOpen();
    return inTransaction({ connection, models, timeoutMs, place: hosts }, work);
  };
  const seedingMs = Math.max(timeoutMs, SEEDING_MS);
  await seedCounts(calls, (work) => inTransaction({ connection, models, timeoutMs: seedingMs, place: hosts }, work));
  return {
    engine: 'mongodb',
    ...storesOf(calls, atomically, clock),
    leases: createLeaseStore(calls),
    counters: createCounterStore(calls),
    history: createHistoryStore(calls),
    consistency: createConsistencyStore(calls, clock),
    transaction: async (work) => atomically((runner) => work(storesOf(runner, (inner) => inner(runner), clock))),
    ping: async () => {
      await calls.run(() => connection.getClient().db('admin').command({ ping: 1, maxTimeMS: timeoutMs }));
    },
    close: async () => {
      closed = true;
    },
  };
}

function storesOf(runner: Runner, atomically: Atomically, clock: Clock): Stores {
  return {
    sessions: createSessionStore(runner, atomically, clock),
    tasks: createTaskStore(runner),
    machines: createMachineStore(runner, atomically),
  };
}
