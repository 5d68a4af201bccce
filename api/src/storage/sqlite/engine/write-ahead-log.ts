import type { DatabaseSync } from 'node:sqlite';
import { StorageStartError } from '../../storage-errors.ts';
import { isBusy } from './sqlite-errors.ts';

const ATTEMPTS = 250;
const PAUSE_MS = 20;

/**
 * Switching a new file to the log needs it alone for a moment, and SQLite refuses at once, whatever its busy
 * timeout, while another process is switching it too. Blocking here is fine: the process is only starting.
 */
export function turnOnWriteAheadLog(database: DatabaseSync, path: string): void {
  for (let attempt = 1; ; attempt += 1) {
    try {
      const mode = database.prepare('PRAGMA journal_mode = WAL').get()?.['journal_mode'];
      if (mode === 'wal') return;
      throw new StorageStartError(
        `${path} lies on a file system without shared memory, such as a network drive: set DATA_DIR to a directory on a local disk.`,
      );
    } catch (error) {
      if (!isBusy(error) || attempt === ATTEMPTS) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE_MS);
    }
  }
}
