import assert from 'node:assert/strict';
import { DatabaseFile } from '../../../src/storage/sqlite/engine/database-file.ts';
import { type Connections, openConnections } from '../../../src/storage/sqlite/engine/open-connections.ts';
import { storageOn } from '../../../src/storage/sqlite/open-sqlite-storage.ts';
import type { Storage } from '../../../src/storage/storage.ts';
import { StorageUnavailableError } from '../../../src/storage/storage-errors.ts';
import { aSession, aTask } from '../contract/builders.ts';
import { temporaryDirectory } from './support/directories.ts';

describe('SQLite storage on a full disk', () => {
  let connections: Connections;
  let storage: Storage;

  beforeEach(() => {
    const file = DatabaseFile.prepare(temporaryDirectory());
    connections = openConnections(file);
    storage = storageOn(file, connections);
  });

  afterEach(() => storage.close());

  /** SQLite's own limit raises the very error that a full disk does. */
  function leaveRoomFor(pages: number): void {
    const used = Number(connections.records.first('PRAGMA page_count')?.['page_count']);
    connections.records.exec(`PRAGMA max_page_count = ${used + pages}`);
  }

  const large = () => aSession({ metadata: { text: 'x'.repeat(60_000) } });

  async function assertFull(write: Promise<unknown>): Promise<void> {
    await assert.rejects(write, (error) => {
      assert.ok(error instanceof StorageUnavailableError, String(error));
      assert.match(error.message, /no space left for .*claude-projects\.db: free some/);
      assert.ok(error.cause instanceof Error);
      return true;
    });
  }

  it('writes nothing by halves, still reads, and goes on once there is room', async () => {
    const kept = aSession();
    await storage.sessions.insert(kept);
    leaveRoomFor(2);
    const session = large();
    await assertFull(storage.sessions.insert(session));
    assert.equal(await storage.sessions.get(session.session_id), null);
    assert.deepEqual(await storage.sessions.get(kept.session_id), kept);
    leaveRoomFor(1000);
    await storage.sessions.insert(session);
    assert.deepEqual(await storage.sessions.get(session.session_id), session);
  });

  it('rolls a transaction back as a whole', async () => {
    const small = aSession();
    leaveRoomFor(2);
    await assertFull(
      storage.transaction(async ({ sessions, tasks }) => {
        await sessions.insert(small);
        await tasks.insert(aTask({ session_id: small.session_id }));
        await sessions.insert(large());
      }),
    );
    leaveRoomFor(1000);
    assert.equal(await storage.sessions.get(small.session_id), null);
    assert.deepEqual(await storage.tasks.listOfSession(small.session_id), []);
    await storage.sessions.insert(small);
  });

  it('does not let a transaction commit that swallowed the error', async () => {
    const before = aSession();
    const later = aSession();
    leaveRoomFor(2);
    await assertFull(
      storage.transaction(async ({ sessions }) => {
        await sessions.insert(before);
        await sessions.insert(large()).catch(() => undefined);
        await sessions.insert(later).catch(() => undefined);
      }),
    );
    leaveRoomFor(1000);
    assert.equal((await storage.sessions.list({}, { limit: 10, offset: 0 })).total, 0);
  });
});
