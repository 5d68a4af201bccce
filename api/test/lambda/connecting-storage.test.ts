import assert from 'node:assert/strict';
import { connectingStorage } from '../../src/lambda/connecting-storage.ts';
import { Log } from '../../src/logging/log.ts';
import type { Storage } from '../../src/storage/storage.ts';
import { StorageStartError, StorageUnavailableError } from '../../src/storage/storage-errors.ts';
import { LogCapture } from '../support/log-capture.ts';
import { openTestStorage, type TestStorage } from '../support/test-storage.ts';

describe('a storage that is still being opened', () => {
  let opened: TestStorage;
  let capture: LogCapture;
  let attempts: PromiseWithResolvers<Storage>[];
  let storage: Storage;
  beforeEach(async () => {
    opened = await openTestStorage();
    capture = new LogCapture();
    attempts = [];
    const log = new Log({ logLevel: 'debug', apiKeys: [], mongodbUri: undefined }, capture);
    storage = connectingStorage(() => {
      const attempt = Promise.withResolvers<Storage>();
      attempts.push(attempt);
      return attempt.promise;
    }, log);
  });
  afterEach(async () => {
    await opened.storage.close();
    await opened.dispose();
  });

  it('is opened at once, and only once', async () => {
    assert.equal(attempts.length, 1);
    attempts[0]?.resolve(opened.storage);
    await Promise.all([storage.ping(), storage.sessions.countByStatus(), storage.machines.get('none')]);
    assert.equal(attempts.length, 1);
  });

  it('lets what is asked of it wait', async () => {
    const asked = [storage.sessions.get('none'), storage.transaction(({ tasks }) => tasks.get('none'))];
    attempts[0]?.resolve(opened.storage);
    assert.deepEqual(await Promise.all(asked), [null, null]);
  });

  it('tells an outage like any other, logs why, and is opened anew by the next who asks', async () => {
    attempts[0]?.reject(new StorageStartError('nobody answers'));
    await assert.rejects(storage.ping(), StorageUnavailableError);
    assert.deepEqual(
      capture.withMessage('Database connection failed').map(({ context }) => context['reason']),
      ['nobody answers'],
    );
    const again = storage.ping();
    assert.equal(attempts.length, 2);
    attempts[1]?.resolve(opened.storage);
    await again;
  });

  it('hands on a fault that is no outage', async () => {
    attempts[0]?.reject(new TypeError('a mistake'));
    await assert.rejects(storage.leases.lastRuns(), TypeError);
  });

  it('closes what was opened, and nothing where nothing was', async () => {
    attempts[0]?.reject(new StorageStartError('nobody answers'));
    await storage.close();
    const asked = storage.ping();
    attempts[1]?.resolve(opened.storage);
    await asked;
    await storage.close();
    await assert.rejects(opened.storage.ping());
  });
});
