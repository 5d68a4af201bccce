import assert from 'node:assert/strict';
import { DatabaseSync } from 'node:sqlite';
import { ConsistencyService } from '../../../src/consistency/consistency.service.ts';
import { Log } from '../../../src/logging/log.ts';
import { openSqliteStorage } from '../../../src/storage/sqlite/index.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { describePlacesHeldTwice } from '../contract/places-held-twice.ts';
import { databaseIn, temporaryDirectory } from './support/directories.ts';

describePlacesHeldTwice('SQLite', async () => {
  const dataDir = temporaryDirectory();
  const storage = openSqliteStorage({ dataDir });
  const database = new DatabaseSync(databaseIn(dataDir));
  database.exec('DROP INDEX sessions_active_place; DROP INDEX sessions_docker_slot;');
  database.close();
  return { storage, dispose: () => storage.close() };
});

describe('the consistency check, of the command', () => {
  it('needs no server', async () => {
    const storage = openSqliteStorage({ dataDir: temporaryDirectory() });
    const log = new Log({ logLevel: 'silent', apiKeys: [], mongodbUri: undefined });
    const service = new ConsistencyService(storage, new FakeClock(), log);
    assert.deepEqual(await service.check(), { found: 0, remaining: 0 });
    await storage.close();
  });
});
