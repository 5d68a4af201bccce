import type { DatabaseSync, DatabaseSyncOptions } from 'node:sqlite';
import { StorageStartError } from '../../storage-errors.ts';

/**
 * Loads SQLite when it is needed: an import would end an older Node.js with a stack before the first line runs, also
 * where the data is in MongoDB.
 */
export function openDatabase(path: string, options: DatabaseSyncOptions = {}): DatabaseSync {
  const sqlite = builtInSqlite();
  if (sqlite) return new sqlite.DatabaseSync(path, options);
  throw new StorageStartError(
    `The embedded database needs Node.js 22.13 or newer, with SQLite; this is Node.js ${process.versions.node}. ` +
      'Start it with a newer Node.js.',
  );
}

function builtInSqlite(): typeof import('node:sqlite') | undefined {
  // Node.js has the function itself since 20.16.
  return process.getBuiltinModule?.('node:sqlite');
}
