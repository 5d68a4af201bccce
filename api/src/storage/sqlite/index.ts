export { openSqliteStorage, type SqliteOptions } from './open-sqlite-storage.ts';
