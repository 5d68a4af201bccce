import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { takeServerLock } from '../../src/local-server/server-lock.ts';
import { StorageStartError } from '../../src/storage/storage-errors.ts';

describe('the lock of the local server', () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'claude-projects-lock-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('is held by one, until it is released', () => {
    const lock = takeServerLock(folder);
    assert.ok(lock);
    assert.equal(takeServerLock(folder), undefined);
    assert.equal(takeServerLock(folder), undefined, 'asking does not weaken it');
    lock.release();
    const next = takeServerLock(folder);
    assert.ok(next);
    next.release();
    assert.deepEqual(readdirSync(folder), ['server.lock']);
  });

  it('says what to do where it cannot be taken at all', () => {
    assert.throws(() => takeServerLock(join(folder, 'missing')), StorageStartError);
  });
});
