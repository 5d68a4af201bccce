import type { DatabaseSync } from 'node:sqlite';
import { StorageStartError } from '../../storage-errors.ts';

/** Marks the file as ours ("clpj"), for `file` and for the check below. */
export const APPLICATION_ID = 0x636c706a;

export function readVersion(database: DatabaseSync): number {
  return readNumber(database, 'PRAGMA user_version', 'user_version');
}

/** Before anything is written: a foreign database must be left as it was. */
export function mustBeOurs(database: DatabaseSync, path: string): void {
  database.exec('BEGIN');
  try {
    if (readNumber(database, 'PRAGMA application_id', 'application_id') === APPLICATION_ID) return;
    if (readNumber(database, 'SELECT count(*) AS objects FROM sqlite_schema', 'objects') === 0) return;
  } finally {
    database.exec('COMMIT');
  }
  throw new StorageStartError(
    `${path} is a database of another program: move the file away, or set DATA_DIR to another directory.`,
  );
}

function readNumber(database: DatabaseSync, sql: string, column: string): number {
  return Number(database.prepare(sql).get()?.[column]);
}
