import assert from 'node:assert/strict';
import { DatabaseSync } from 'node:sqlite';
import { isInTransaction, type Transactional } from '../../../src/storage/sqlite/engine/in-transaction.ts';

for (const [node, seenBy] of [
  ['a Node that tells', (database: DatabaseSync): Transactional => database],
  ['an older Node', (database: DatabaseSync): Transactional => ({ exec: (sql) => database.exec(sql) })],
] as const) {
  describe(`being in a transaction, on ${node}`, () => {
    it('is known, and asking changes nothing', () => {
      const database = new DatabaseSync(':memory:');
      const seen = seenBy(database);
      database.exec('CREATE TABLE one (a INTEGER) STRICT');
      assert.equal(isInTransaction(seen), false);
      database.exec('BEGIN IMMEDIATE; INSERT INTO one VALUES (1)');
      assert.equal(isInTransaction(seen), true);
      assert.equal(isInTransaction(seen), true);
      database.exec('COMMIT');
      assert.equal(isInTransaction(seen), false);
      database.exec('BEGIN; INSERT INTO one VALUES (2)');
      assert.equal(isInTransaction(seen), true);
      database.exec('ROLLBACK');
      assert.equal(isInTransaction(seen), false);
      assert.deepEqual({ ...database.prepare('SELECT count(*) AS count FROM one').get() }, { count: 1 });
      database.close();
    });
  });
}
