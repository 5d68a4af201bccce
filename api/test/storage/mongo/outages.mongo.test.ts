import assert from 'node:assert/strict';
import mongoose from 'mongoose';
import { storageErrorFrom } from '../../../src/storage/mongo/engine/mongo-errors.ts';
import { createMongoStorage, openMongoStorage } from '../../../src/storage/mongo/index.ts';
import type { Storage } from '../../../src/storage/storage.ts';
import { StorageUnavailableError, UniqueViolationError } from '../../../src/storage/storage-errors.ts';
import { aSession, at } from '../contract/builders.ts';
import { type Proxy, startProxy } from './support/proxy.ts';
import { connectTo, freshDatabase, openTestMongoStorage, type TestDatabase } from './test-engine.ts';

/** Through the port of a proxy, and straight: a replica set would otherwise send its clients around it. */
async function throughProxy({ uri, name }: TestDatabase): Promise<{ uri: string; proxy: Proxy }> {
  const [host] = new mongoose.mongo.MongoClient(uri).options.hosts;
  const proxy = await startProxy(host?.host ?? '127.0.0.1', host?.port ?? 27_017);
  return { uri: `mongodb://127.0.0.1:${proxy.port}/${name}?directConnection=true`, proxy };
}

const CALLS: Record<string, (storage: Storage) => Promise<unknown>> = {
  ping: (storage) => storage.ping(),
  'a read': ({ sessions }) => sessions.get('a'),
  'a list': ({ sessions }) => sessions.list({}, { limit: 10, offset: 0 }),
  'an insert': ({ sessions }) => sessions.insert(aSession()),
  'a heartbeat': ({ sessions }) => sessions.heartbeat('a', { at: at(0) }),
  'a lease': ({ leases }) => leases.acquire('a', 'b', at(0), at(1)),
  'a transaction': (storage) => storage.transaction(({ sessions }) => sessions.get('a')),
};

describe('MongoDB out of reach', () => {
  it('fails every call as unavailable once the server is gone, and names it', async () => {
    const database = await freshDatabase();
    const { uri, proxy } = await throughProxy(database);
    const storage = await openMongoStorage({ uri, poolSize: 20, timeoutMs: 2000 });
    try {
      await storage.ping();
      await proxy.cut();
      const outcomes = await Promise.allSettled(Object.values(CALLS).map((call) => call(storage)));
      for (const [index, outcome] of outcomes.entries()) {
        assert(outcome.status === 'rejected' && outcome.reason instanceof StorageUnavailableError, `call ${index}`);
        assert.match(outcome.reason.message, new RegExp(`MongoDB at 127\\.0\\.0\\.1:${proxy.port} does`));
      }
    } finally {
      await proxy.cut();
      await storage.close();
      await database.drop();
    }
  });

  it('fails every call as unavailable once it was closed, and may be closed again', async () => {
    const { storage, dispose } = await openTestMongoStorage();
    await storage.close();
    await storage.close();
    for (const [title, call] of Object.entries(CALLS)) {
      await assert.rejects(call(storage), StorageUnavailableError, title);
    }
    await dispose();
  });

  it('leaves a connection open that it was given', async () => {
    const database = await freshDatabase();
    const connection = await connectTo(database);
    try {
      const storage = await createMongoStorage(connection, { timeoutMs: 2000 });
      await storage.close();
      await assert.rejects(storage.ping(), StorageUnavailableError);
      assert.equal(connection.readyState, mongoose.ConnectionStates.connected);
      const again = await createMongoStorage(connection, { timeoutMs: 2000 });
      await again.ping();
    } finally {
      await connection.destroy();
      await database.drop();
    }
  });
});

describe('the errors of the server', () => {
  const { MongoServerError } = mongoose.mongo;
  const mapped = (description: object) =>
    storageErrorFrom(new MongoServerError({ message: 'said so', ...description }), 'db.example:27017');

  for (const [title, code, message] of [
    ['a call that took too long', 50, /^MongoDB at db\.example:27017 was too slow/],
    ['a server that is no longer primary', 10_107, /has no primary/],
    ['a server that shuts down', 91, /has no primary/],
    ['a full disk', 14_031, /takes no more writes/],
    ['too many writers', 112, /too many writers/],
    ['a write that no majority confirmed', 64, /by a majority/],
    ['a password that no longer holds', 18, /refused access/],
  ] as const) {
    it(`mean unavailable: ${title}`, () => {
      const error = mapped({ code });
      assert(error instanceof StorageUnavailableError);
      assert.match(error.message, message);
    });
  }

  for (const [keyPattern, constraint] of [
    [{ session_id: 1 }, 'session_id'],
    [{ task_id: 1 }, 'task_id'],
    [{ project_id: 1, machine_id: 1, docker_slot: 1 }, 'active_place'],
    [{ machine_id: 1, docker_slot: 1 }, 'docker_slot'],
  ] as const) {
    it(`mean a violation of ${constraint}`, () => {
      const error = mapped({ code: 11_000, keyPattern });
      assert(error instanceof UniqueViolationError);
      assert.equal(error.constraint, constraint);
    });
  }

  for (const code of ['ECONNRESET', 'EPIPE']) {
    it(`mean unavailable: a socket that says ${code} to a write`, () => {
      const error = storageErrorFrom(Object.assign(new Error('write failed'), { code }), 'db.example:27017');
      assert(error instanceof StorageUnavailableError);
      assert.match(error.message, /does not answer/);
    });
  }

  it('stay what they are where the fault is ours', () => {
    for (const description of [
      { code: 2 },
      { code: 9 },
      { code: 11_000 },
      { code: 11_000, keyPattern: { other: 1 } },
    ]) {
      const error = new MongoServerError({ message: 'said so', ...description });
      assert.equal(storageErrorFrom(error, 'db.example'), error);
    }
    const mistake = new TypeError('a mistake');
    assert.equal(storageErrorFrom(mistake, 'db.example'), mistake);
  });
});
