import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { openSqliteStorage } from '../../../src/storage/sqlite/index.ts';
import { StorageStartError, StorageUnavailableError } from '../../../src/storage/storage-errors.ts';
import { databaseIn, temporaryDirectory } from './support/directories.ts';
import { asOrdinaryUser, canChangeUser } from './support/ordinary-user.ts';

function assertRefuses(dataDir: string, hint: RegExp): void {
  assert.throws(
    () => openSqliteStorage({ dataDir }),
    (error) => {
      assert.ok(error instanceof StorageStartError, String(error));
      assert.ok(error.message.includes(databaseIn(dataDir)), error.message);
      assert.match(error.message, hint);
      assert.match(error.message, /^[^\n]+\.$/);
      return true;
    },
  );
}

describe('SQLite storage refuses to start', () => {
  it('on a file of a newer version', async () => {
    const dataDir = temporaryDirectory();
    await openSqliteStorage({ dataDir }).close();
    const database = new DatabaseSync(databaseIn(dataDir));
    database.exec('PRAGMA user_version = 999');
    database.close();
    assertRefuses(dataDir, /newer version.*update/);
  });

  it('on a file that is no database, and leaves it as it was', () => {
    const dataDir = temporaryDirectory();
    const content = 'not a database at all, but somebody may need it\n'.repeat(100);
    writeFileSync(databaseIn(dataDir), content);
    assertRefuses(dataDir, /not a database.*move the file away/);
    assert.equal(readFileSync(databaseIn(dataDir), 'utf8'), content);
  });

  it('on the database of another program, and leaves it as it was', () => {
    const dataDir = temporaryDirectory();
    const database = new DatabaseSync(databaseIn(dataDir));
    database.exec('CREATE TABLE theirs (a)');
    database.close();
    const content = readFileSync(databaseIn(dataDir));
    assertRefuses(dataDir, /another program.*move the file away/);
    assert.deepEqual(readFileSync(databaseIn(dataDir)), content);
  });

  it('where the data directory is a file', () => {
    const dataDir = join(temporaryDirectory(), 'file');
    writeFileSync(dataDir, '');
    assertRefuses(dataDir, /write access/);
  });

  it('where a directory has the name of the file', () => {
    const dataDir = temporaryDirectory();
    mkdirSync(databaseIn(dataDir));
    assertRefuses(dataDir, /write access/);
  });

  it('on a read-only file', async function () {
    if (!canChangeUser) this.skip();
    const dataDir = temporaryDirectory();
    await openSqliteStorage({ dataDir }).close();
    chmodSync(dataDir, 0o755);
    chmodSync(databaseIn(dataDir), 0o444);
    asOrdinaryUser(() => assertRefuses(dataDir, /write access/));
  });

  it('in a read-only directory', async function () {
    if (!canChangeUser) this.skip();
    const dataDir = temporaryDirectory();
    await openSqliteStorage({ dataDir }).close();
    chmodSync(databaseIn(dataDir), 0o666);
    chmodSync(dataDir, 0o555);
    asOrdinaryUser(() => assertRefuses(dataDir, /write access/));
  });

  it('but takes a lock for what it is: something that passes', async () => {
    const dataDir = temporaryDirectory();
    await openSqliteStorage({ dataDir }).close();
    const other = new DatabaseSync(databaseIn(dataDir));
    other.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE');
    try {
      assert.throws(() => openSqliteStorage({ dataDir }), StorageUnavailableError);
    } finally {
      other.close();
    }
  }).timeout(30_000);
});
