import type { DatabaseSync } from 'node:sqlite';
import { StorageStartError } from '../../storage-errors.ts';
import { isInTransaction } from '../engine/in-transaction.ts';
import { APPLICATION_ID, readVersion } from './version.ts';

/**
 * Brings the file to the newest version, one transaction a step, and the version is written in that same
 * transaction: a crash leaves the step done or not begun. Of several processes that start at once one takes
 * each step; the others wait for it and then find it done.
 */
export function migrate(database: DatabaseSync, migrations: readonly string[], path: string): void {
  const newest = migrations.length;
  for (;;) {
    const version = readVersion(database);
    if (version > newest) {
      throw new StorageStartError(
        `${path} was written by a newer version of Claude Projects: update this one, or set DATA_DIR to another directory.`,
      );
    }
    const next = migrations[version];
    if (next === undefined) return;
    takeStep(database, version, next);
  }
}

function takeStep(database: DatabaseSync, from: number, migration: string): void {
  database.exec('BEGIN IMMEDIATE');
  try {
    // Read again under the lock: another process may have taken this step while we waited for it.
    if (readVersion(database) === from) {
      database.exec(migration);
      database.exec(`PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${from + 1};`);
    }
    database.exec('COMMIT');
  } catch (error) {
    if (isInTransaction(database)) database.exec('ROLLBACK');
    throw error;
  }
}
