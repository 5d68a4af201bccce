import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSqliteStorage } from '../../src/storage/sqlite/index.ts';
import type { Storage } from '../../src/storage/storage.ts';

export interface TestStorage {
  storage: Storage;
  /** Removes what was stored; the storage itself is closed by whoever owns it. */
  dispose(): Promise<void>;
}

/** A fresh storage on the engine of this run: SQLite, or MongoDB with TEST_STORAGE=mongodb. */
export async function openTestStorage(): Promise<TestStorage> {
  if (process.env['TEST_STORAGE'] !== 'mongodb') {
    const dataDir = mkdtempSync(join(tmpdir(), 'claude-projects-'));
    return {
      storage: openSqliteStorage({ dataDir }),
      dispose: async () => rmSync(dataDir, { recursive: true }),
    };
  }
  const { openTestMongoStorage } = await import('../storage/mongo/test-engine.ts');
  return openTestMongoStorage();
}
