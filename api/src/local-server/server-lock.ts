import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { openDatabase } from '../storage/sqlite/engine/open-database.ts';
import { isBusy } from '../storage/sqlite/engine/sqlite-errors.ts';
import { inFolder, OWNER_ONLY_FILE } from './server-folder.ts';

export interface ServerLock {
  release(): void;
}

/**
 * Makes this the only server of the folder; undefined where another is. The lock is SQLite's on a file that stays
 * empty: the system lets go of it when the process dies, however it dies, and on every platform.
 */
export function takeServerLock(folder: string): ServerLock | undefined {
  const path = join(folder, 'server.lock');
  return inFolder(folder, () => {
    closeSync(openSync(path, 'a', OWNER_ONLY_FILE));
    return lock(openDatabase(path));
  });
}

function lock(database: DatabaseSync): ServerLock | undefined {
  try {
    // In memory: a journal beside the file would be one more thing to leave behind.
    database.exec('PRAGMA busy_timeout = 0; PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
    return { release: () => database.close() };
  } catch (error) {
    database.close();
    if (isBusy(error)) return undefined;
    throw error;
  }
}
