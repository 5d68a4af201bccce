import assert from 'node:assert/strict';
import { DatabaseSync } from 'node:sqlite';
import { Connection } from '../../../src/storage/sqlite/engine/connection.ts';

describe('SQLite connection', () => {
  let connection: Connection;

  beforeEach(() => {
    connection = new Connection(new DatabaseSync(':memory:'), 'memory');
    // A deferred key is checked by the commit, which stands here for a disk that fails just then.
    connection.exec(`
      CREATE TABLE parents (id INTEGER PRIMARY KEY) STRICT;
      CREATE TABLE children (parent INTEGER REFERENCES parents DEFERRABLE INITIALLY DEFERRED) STRICT;`);
  });

  afterEach(() => connection.close());

  it('reports a commit that fails after a row was returned', () => {
    assert.throws(() => connection.first('INSERT INTO children VALUES (1) RETURNING parent'), /FOREIGN KEY/);
  });

  it('is out of the transaction when the commit of several statements fails', () => {
    assert.throws(() => connection.atomically(() => connection.run('INSERT INTO children VALUES (1)')), /FOREIGN KEY/);
    assert.equal(connection.inTransaction, false);
    assert.equal(connection.count('SELECT count(*) AS count FROM children'), 0);
  });
});
