import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { openSqliteStorage } from '../../../src/storage/sqlite/index.ts';
import type { Storage, Stores } from '../../../src/storage/storage.ts';
import { StorageUnavailableError } from '../../../src/storage/storage-errors.ts';
import { aSession, aTask, at, MINUTE } from '../contract/builders.ts';
import { databaseIn, temporaryDirectory } from './support/directories.ts';

describe('SQLite transactions', () => {
  let dataDir: string;
  let storage: Storage;

  beforeEach(() => {
    dataDir = temporaryDirectory();
    storage = openSqliteStorage({ dataDir });
  });

  afterEach(() => storage.close());

  /** A transaction that stays open until it is told to end. */
  async function openTransaction(work: (stores: Stores) => Promise<unknown>) {
    const { promise: opened, resolve: isOpen } = Promise.withResolvers<void>();
    const { promise: ending, resolve: commit, reject: fail } = Promise.withResolvers<void>();
    const ended = storage.transaction(async (stores) => {
      await work(stores);
      isOpen();
      await ending;
    });
    await opened;
    return { ended, commit, fail };
  }

  it('keep a heartbeat and a create waiting, which then succeed in their order', async () => {
    const beaten = aSession();
    const created = aSession();
    await storage.sessions.insert(beaten);
    const order: string[] = [];
    const transaction = await openTransaction(({ sessions }) =>
      sessions.update(beaten.session_id, {}, { set: { activity_detail: 'from the transaction' } }),
    );
    const ended = transaction.ended.then(() => order.push('transaction'));
    const heartbeat = storage.sessions
      .heartbeat(beaten.session_id, { at: at(MINUTE) })
      .finally(() => order.push('heartbeat'));
    const create = storage.sessions.insert(created).finally(() => order.push('create'));
    const read = storage.sessions.get(beaten.session_id).finally(() => order.push('read'));
    await new Promise((resolve) => setImmediate(resolve));
    assert.deepEqual(order, []);
    transaction.commit();
    const [, record] = await Promise.all([ended, heartbeat, create, read]);
    assert.deepEqual(order, ['transaction', 'heartbeat', 'create', 'read']);
    assert.equal(record?.activity_detail, 'from the transaction');
    assert.deepEqual(record.last_heartbeat, at(MINUTE));
    assert.deepEqual(await storage.sessions.get(created.session_id), created);
  });

  it('leave nothing behind when the work throws, and pass the error on', async () => {
    const session = aSession();
    const error = new Error('changed my mind');
    const refused = storage.transaction(async ({ sessions, tasks }) => {
      await sessions.insert(session);
      await tasks.insert(aTask({ session_id: session.session_id }));
      assert.ok(await sessions.get(session.session_id), 'sees its own writes');
      throw error;
    });
    await assert.rejects(refused, error);
    assert.equal(await storage.sessions.get(session.session_id), null);
    assert.deepEqual(await storage.tasks.listOfSession(session.session_id), []);
  });

  it('go on after a refused duplicate that the work deals with', async () => {
    const session = aSession();
    await storage.sessions.insert(session);
    await storage.transaction(async ({ sessions }) => {
      await assert.rejects(sessions.insert(session), { constraint: 'session_id' });
      await sessions.update(session.session_id, {}, { set: { activity_detail: 'after it' } });
    });
    assert.equal((await storage.sessions.get(session.session_id))?.activity_detail, 'after it');
  });

  it('run one after the other, each seeing what the one before wrote', async () => {
    const session = aSession();
    await storage.sessions.insert(session);
    await Promise.all(
      Array.from({ length: 20 }, () =>
        storage.transaction(async ({ sessions }) => {
          const found = await sessions.get(session.session_id);
          const recovery_attempts = (found?.recovery_attempts ?? 0) + 1;
          await new Promise((resolve) => setImmediate(resolve));
          await sessions.update(session.session_id, {}, { set: { recovery_attempts } });
        }),
      ),
    );
    assert.equal((await storage.sessions.get(session.session_id))?.recovery_attempts, 20);
  });

  it('say so when they are nested or bypassed, where waiting would never end', async () => {
    const misused = storage.transaction(() => storage.sessions.get('a'));
    await assert.rejects(misused, /only the stores given to it/);
    const nested = storage.transaction(() => storage.transaction(async () => undefined));
    await assert.rejects(nested, /only the stores given to it/);
    await storage.ping();
  });

  it('give no access after they ended', async () => {
    const leaked = await storage.transaction(async (stores) => stores);
    await assert.rejects(leaked.sessions.get('a'), /after it had ended/);
  });

  it('are waited for by close, which can be called twice and ends all else', async () => {
    const session = aSession();
    const transaction = await openTransaction(({ sessions }) => sessions.insert(session));
    const closed = Promise.all([storage.close(), storage.close()]);
    await assert.rejects(storage.sessions.get(session.session_id), StorageUnavailableError);
    await assert.rejects(
      storage.transaction(async () => undefined),
      StorageUnavailableError,
    );
    await assert.rejects(storage.ping(), StorageUnavailableError);
    transaction.commit();
    await transaction.ended;
    await closed;
    storage = openSqliteStorage({ dataDir });
    assert.deepEqual(await storage.sessions.get(session.session_id), session);
  });

  it('ping notices that the file was taken away', async () => {
    await storage.ping();
    rmSync(databaseIn(dataDir));
    await assert.rejects(storage.ping(), (error) => {
      assert.ok(error instanceof StorageUnavailableError);
      assert.match(error.message, /removed or replaced/);
      return true;
    });
  });
});
