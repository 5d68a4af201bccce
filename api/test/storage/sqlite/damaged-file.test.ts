import assert from 'node:assert/strict';
import { closeSync, openSync, writeSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { openSqliteStorage } from '../../../src/storage/sqlite/index.ts';
import { StorageUnavailableError } from '../../../src/storage/storage-errors.ts';
import { aSession } from '../contract/builders.ts';
import { databaseIn, temporaryDirectory } from './support/directories.ts';

/** Overwrites the page that holds the table, in a file nobody has open. */
function damageSessions(path: string): void {
  const database = new DatabaseSync(path);
  const page = Number(
    database.prepare(`SELECT rootpage FROM sqlite_schema WHERE name = 'sessions'`).get()?.['rootpage'],
  );
  const size = Number(database.prepare('PRAGMA page_size').get()?.['page_size']);
  database.close();
  const file = openSync(path, 'r+');
  writeSync(file, Buffer.alloc(size, 0xff), 0, size, (page - 1) * size);
  closeSync(file);
}

describe('SQLite storage on a damaged file', () => {
  it('says so, and what to do', async () => {
    const dataDir = temporaryDirectory();
    const session = aSession();
    const before = openSqliteStorage({ dataDir });
    await before.sessions.insert(session);
    await before.close();
    damageSessions(databaseIn(dataDir));
    const storage = openSqliteStorage({ dataDir });
    await assert.rejects(storage.sessions.get(session.session_id), (error) => {
      assert.ok(error instanceof StorageUnavailableError, String(error));
      assert.match(error.message, /damaged: stop the API and restore a backup/);
      return true;
    });
    await storage.close();
  });
});
