import { argv } from 'node:process';
import { DatabaseSync } from 'node:sqlite';
import { migrate } from '../../../../src/storage/sqlite/schema/migrate.ts';

// A migration that is killed by the kernel between two of its statements.
const [path = ''] = argv.slice(2);
const database = new DatabaseSync(path);
database.exec('PRAGMA journal_mode = WAL');
database.function('die', () => {
  process.kill(process.pid, 'SIGKILL');
  return 0;
});
migrate(
  database,
  ['CREATE TABLE half (a INTEGER) STRICT; SELECT die(); CREATE TABLE other_half (a INTEGER) STRICT;'],
  path,
);
