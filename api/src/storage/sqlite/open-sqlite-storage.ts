import type { Storage } from '../storage.ts';
import { createConsistencyStore } from './consistency/consistency-store.ts';
import { createCounterStore } from './counters/counter-store.ts';
import { createStores } from './create-stores.ts';
import { DatabaseFile } from './engine/database-file.ts';
import { Engine } from './engine/engine.ts';
import { type Connections, openConnections } from './engine/open-connections.ts';
import { createHistoryStore } from './history/history-store.ts';
import { createLeaseStore } from './leases/lease-store.ts';

export interface SqliteOptions {
  /** Holds `claude-projects.db`; made, with access for its owner only, where it is missing. */
  dataDir: string;
}

/**
 * The embedded engine. Throws StorageStartError where the file cannot be used. Several processes may open the
 * same file: every write is guarded by the engine, not by this process.
 */
export function openSqliteStorage(options: SqliteOptions): Storage {
  const file = DatabaseFile.prepare(options.dataDir);
  return storageOn(file, openConnections(file));
}

export function storageOn(file: DatabaseFile, connections: Connections): Storage {
  const engine = new Engine(file, connections);
  return {
    engine: 'sqlite',
    ...createStores(engine),
    leases: createLeaseStore(engine),
    counters: createCounterStore(engine),
    history: createHistoryStore(engine),
    consistency: createConsistencyStore(engine),
    transaction: (work) => engine.transaction((runner) => work(createStores(runner))),
    ping: () => engine.ping(),
    close: () => engine.close(),
  };
}
