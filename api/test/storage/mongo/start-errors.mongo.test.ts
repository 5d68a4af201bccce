import assert from 'node:assert/strict';
import { openMongoStorage } from '../../../src/storage/mongo/index.ts';
import { StorageStartError } from '../../../src/storage/storage-errors.ts';
import { startFakeServer } from './support/fake-server.ts';
import { connectTo, freshDatabase } from './test-engine.ts';

const PASSWORD = 'hunter2-secret';

/** Only a start error, and nothing in it or beneath it, may tell the password. */
async function startError(uri: string): Promise<string> {
  let message = '';
  await assert.rejects(openMongoStorage({ uri, poolSize: 2, timeoutMs: 2000 }), (error) => {
    assert(error instanceof StorageStartError, String(error));
    for (let told: unknown = error; told instanceof Error; told = told.cause) {
      assert(!told.message.includes(PASSWORD), 'the message holds the password');
      assert(!(told.stack ?? '').includes(PASSWORD), 'the stack holds the password');
    }
    message = error.message;
    return true;
  });
  return message;
}

describe('the start on MongoDB', () => {
  it('fails where nothing listens, and says where it looked', async () => {
    const { port, close } = await startFakeServer({});
    await close();
    const message = await startError(`mongodb://someone:${PASSWORD}@127.0.0.1:${port}/projects`);
    assert.equal(
      message,
      `MongoDB at 127.0.0.1:${port} does not answer: check that it runs and can be reached from here.`,
    );
  });

  it('fails where the host does not exist', async () => {
    const message = await startError(`mongodb://someone:${PASSWORD}@no-such-host.invalid/projects`);
    assert.match(message, /^MongoDB at no-such-host\.invalid:27017 does not answer/);
  });

  it('fails where the SRV record does not exist', async () => {
    const message = await startError(`mongodb+srv://someone:${PASSWORD}@cluster.no-such-host.invalid/projects`);
    assert.match(message, /^MongoDB at cluster\.no-such-host\.invalid cannot be connected to: check the host names/);
  });

  for (const uri of [
    `mongodb://someone:${PASSWORD}@`,
    `mongodb://someone:${PASSWORD}:more@host/db`,
    `mongodb://someone:${PASSWORD}@host:port/db`,
    `mongodb://someone:${PASSWORD}@host/?unknownOption=${PASSWORD}`,
    `http://someone:${PASSWORD}@host/`,
    PASSWORD,
  ]) {
    it(`fails on an address that cannot be read: ${uri.replaceAll(PASSWORD, '…')}`, async () => {
      assert.match(await startError(uri), /^MONGODB_URI cannot be read as an address/);
    });
  }

  it('fails on a standalone server, which has no transactions', async () => {
    const server = await startFakeServer({
      helloOk: true,
      isWritablePrimary: true,
      ismaster: true,
      maxBsonObjectSize: 16_777_216,
      maxMessageSizeBytes: 48_000_000,
      maxWriteBatchSize: 100_000,
      logicalSessionTimeoutMinutes: 30,
      minWireVersion: 0,
      maxWireVersion: 21,
    });
    try {
      const message = await startError(`mongodb://127.0.0.1:${server.port}/projects`);
      assert.match(message, new RegExp(`^MongoDB at 127\\.0\\.0\\.1:${server.port} is a standalone server`));
      assert.match(message, /run it as a replica set/);
    } finally {
      await server.close();
    }
  });

  it('fails where an index is in the way', async () => {
    const database = await freshDatabase();
    const connection = await connectTo(database);
    try {
      const sessions = connection.getClient().db(connection.name).collection('sessions');
      await sessions.createIndex({ session_id: 1 }, { name: 'session_id' });
      assert.match(await startError(database.uri), /collection "sessions" exists with other options/);
    } finally {
      await connection.destroy();
      await database.drop();
    }
  });
});
