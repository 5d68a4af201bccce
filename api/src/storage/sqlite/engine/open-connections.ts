import type { DatabaseSync, DatabaseSyncOptions } from 'node:sqlite';
import { StorageStartError, StorageUnavailableError } from '../../storage-errors.ts';
import { migrate } from '../schema/migrate.ts';
import { MIGRATIONS } from '../schema/migrations.ts';
import { mustBeOurs } from '../schema/version.ts';
import { mergeMetadata } from '../sql/merge-metadata.ts';
import { Connection } from './connection.ts';
import type { DatabaseFile } from './database-file.ts';
import { openDatabase } from './open-database.ts';
import { adviceFor, isBusy } from './sqlite-errors.ts';
import { turnOnWriteAheadLog } from './write-ahead-log.ts';

/** Said to SQLite itself: Node passes it on since 22.16 only. */
const BUSY_TIMEOUT_MS = 5000;

const OPTIONS: DatabaseSyncOptions = {
  enableForeignKeyConstraints: true,
  enableDoubleQuotedStringLiterals: false,
  defensive: true,
};

export interface Connections {
  /** synchronous=FULL: what it acknowledged is on the disk. */
  readonly records: Connection;
  /** synchronous=NORMAL: a power cut may take the last beats, which harms nobody, and each beat saves an fsync. */
  readonly heartbeats: Connection;
}

export function openConnections(file: DatabaseFile): Connections {
  const opened: DatabaseSync[] = [];
  const open = (synchronous: 'FULL' | 'NORMAL') => {
    const database = openDatabase(file.path, OPTIONS);
    opened.push(database);
    database.exec(
      `PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS}; PRAGMA trusted_schema = OFF; PRAGMA synchronous = ${synchronous};`,
    );
    database.function('merge_metadata', { deterministic: true, directOnly: true }, mergeMetadata);
    return database;
  };
  try {
    const records = open('FULL');
    mustBeOurs(records, file.path);
    turnOnWriteAheadLog(records, file.path);
    migrate(records, MIGRATIONS, file.path);
    const heartbeats = open('NORMAL');
    return { records: new Connection(records, file.path), heartbeats: new Connection(heartbeats, file.path) };
  } catch (error) {
    for (const database of opened) database.close();
    throw startErrorFrom(error, file.path);
  }
}

function startErrorFrom(error: unknown, path: string): unknown {
  const advice = adviceFor(error, path);
  if (advice === undefined) return error;
  // A lock goes away; all the rest needs a person.
  if (isBusy(error)) return new StorageUnavailableError(advice, { cause: error });
  return new StorageStartError(advice, { cause: error });
}
