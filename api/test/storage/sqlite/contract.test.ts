import { openSqliteStorage } from '../../../src/storage/sqlite/index.ts';
import { describeStorageContract } from '../contract/index.ts';
import { temporaryDirectory } from './support/directories.ts';

describeStorageContract('SQLite', async () => {
  const storage = openSqliteStorage({ dataDir: temporaryDirectory() });
  return { storage, dispose: () => storage.close() };
});
