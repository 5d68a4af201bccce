import assert from 'node:assert/strict';
import { existsSync, mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { openSqliteStorage } from '../../../src/storage/sqlite/index.ts';
import { migrate } from '../../../src/storage/sqlite/schema/migrate.ts';
import { MIGRATIONS } from '../../../src/storage/sqlite/schema/migrations.ts';
import { APPLICATION_ID, readVersion } from '../../../src/storage/sqlite/schema/version.ts';
import { aSession } from '../contract/builders.ts';
import { startChild } from './support/child.ts';
import { databaseIn, temporaryDirectory } from './support/directories.ts';

function inspect<T>(path: string, look: (database: DatabaseSync) => T): T {
  const database = new DatabaseSync(path);
  try {
    return look(database);
  } finally {
    database.close();
  }
}

const objectsOf = (database: DatabaseSync) =>
  database.prepare("SELECT name FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%' ORDER BY name").all();

describe('SQLite migrations', () => {
  it('make a fresh file, for its owner only, marked and in write-ahead mode', async () => {
    const dataDir = join(temporaryDirectory(), 'not', 'there', 'yet');
    const storage = openSqliteStorage({ dataDir });
    await storage.sessions.insert(aSession());
    if (process.platform !== 'win32') {
      assert.equal(statSync(dataDir).mode & 0o777, 0o700);
      for (const suffix of ['', '-wal', '-shm']) {
        assert.equal(statSync(databaseIn(dataDir) + suffix).mode & 0o777, 0o600, suffix);
      }
    }
    await storage.close();
    assert.equal(existsSync(`${databaseIn(dataDir)}-wal`), false, 'closing leaves one file');
    inspect(databaseIn(dataDir), (database) => {
      assert.equal(readVersion(database), MIGRATIONS.length);
      assert.deepEqual({ ...database.prepare('PRAGMA application_id').get() }, { application_id: APPLICATION_ID });
      assert.deepEqual({ ...database.prepare('PRAGMA journal_mode').get() }, { journal_mode: 'wal' });
    });
  });

  it('run once: a second opening finds everything as it was', async () => {
    const dataDir = temporaryDirectory();
    const first = openSqliteStorage({ dataDir });
    const session = aSession({ metadata: { kept: null } });
    await first.sessions.insert(session);
    await first.close();
    const second = openSqliteStorage({ dataDir });
    assert.deepEqual(await second.sessions.get(session.session_id), session);
    await second.close();
  });

  it('take only the steps that are missing', () => {
    const database = new DatabaseSync(':memory:');
    migrate(database, ['CREATE TABLE one (a INTEGER) STRICT'], 'memory');
    migrate(database, ['not even SQL', 'CREATE TABLE two (a INTEGER) STRICT'], 'memory');
    assert.deepEqual(
      objectsOf(database).map(({ name }) => name),
      ['one', 'two'],
    );
    assert.equal(readVersion(database), 2);
    database.close();
  });

  it('leave nothing of a step that failed between its statements, and take it the next time', () => {
    const database = new DatabaseSync(':memory:');
    const good = ['CREATE TABLE one (a INTEGER) STRICT', 'CREATE TABLE two (a INTEGER) STRICT'];
    const bad = ['CREATE TABLE one (a INTEGER) STRICT', 'CREATE TABLE two (a INTEGER) STRICT; CREATE TABLE two (a);'];
    assert.throws(() => migrate(database, bad, 'memory'), /already exists/);
    assert.equal(readVersion(database), 1);
    assert.deepEqual(
      objectsOf(database).map(({ name }) => name),
      ['one'],
    );
    migrate(database, good, 'memory');
    assert.equal(readVersion(database), 2);
    database.close();
  });

  it('leave nothing of a step in which the process was killed', async () => {
    const dataDir = temporaryDirectory();
    const child = startChild('migrate-and-die.ts', [databaseIn(dataDir)]);
    await child.exited;
    assert.equal(child.process.signalCode, 'SIGKILL');
    inspect(databaseIn(dataDir), (database) => {
      assert.equal(readVersion(database), 0);
      assert.deepEqual(objectsOf(database), []);
    });
    const storage = openSqliteStorage({ dataDir });
    await storage.ping();
    await storage.close();
  }).timeout(30_000);

  it('run once although several processes open a new file at the same moment', async () => {
    const dataDir = join(temporaryDirectory(), 'shared');
    const startAt = String(Date.now() + 1500);
    const children = Array.from({ length: 4 }, () => startChild('open-and-report.ts', [dataDir, startAt]));
    for (const child of children) {
      const { code, errors } = await child.exited;
      assert.equal(errors, '');
      assert.equal(code, 0);
      assert.deepEqual(child.lines(), ['opened']);
    }
    inspect(databaseIn(dataDir), (database) => assert.equal(readVersion(database), MIGRATIONS.length));
  }).timeout(60_000);

  it('work in a directory that exists already, whatever else is in it', async () => {
    const dataDir = temporaryDirectory();
    mkdirSync(join(dataDir, 'something-else'));
    const storage = openSqliteStorage({ dataDir });
    await storage.ping();
    await storage.close();
  });
});
