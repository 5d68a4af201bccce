import assert from 'node:assert/strict';
import { StorageCounts } from '../../src/limits/storage-counts.ts';
import { Log } from '../../src/logging/log.ts';
import type { CounterStore } from '../../src/storage/storage.ts';
import { StorageUnavailableError } from '../../src/storage/storage-errors.ts';
import { LogCapture } from '../support/log-capture.ts';

function fakeCounters(): CounterStore & { hits: string[]; forgotten: Date[] } {
  const hits: string[] = [];
  const forgotten: Date[] = [];
  return {
    hits,
    forgotten,
    hit: async (key) => {
      hits.push(key);
      return hits.filter((hit) => hit === key).length;
    },
    forgetEnded: async (now) => {
      forgotten.push(now);
    },
  };
}

const LIMIT = 2;
const message = 'Requests pass without being counted';

describe('counts in storage', () => {
  const countsOn = (counters: CounterStore, capture = new LogCapture()) =>
    new StorageCounts({
      counters,
      log: new Log({ logLevel: 'debug', apiKeys: [], mongodbUri: undefined }, capture),
      name: 'key',
      limit: LIMIT,
    });

  it('are those of the storage, under the name of their budget', async () => {
    const counters = fakeCounters();
    const counts = countsOn(counters);
    assert.equal(await counts.hit('a', 1), 1);
    assert.equal(await counts.hit('a', 1), 2);
    assert.deepEqual(counters.hits, ['key:a', 'key:a']);
  });

  it('do not ask again for whom they know to be over the limit', async () => {
    const counters = fakeCounters();
    const counts = countsOn(counters);
    for (let call = 1; call <= 10; call++) assert.equal(await counts.hit('a', 1), call);
    assert.equal(counters.hits.length, LIMIT + 1);
    assert.equal(await counts.hit('a', 2), LIMIT + 2, 'the next minute asks again');
  });

  it('have the storage forget the minutes that are over', async () => {
    const counters = fakeCounters();
    const counts = countsOn(counters);
    await counts.hit('a', 10);
    await counts.hit('a', 11);
    assert.deepEqual(counters.forgotten, [new Date(11 * 60_000)]);
  });

  it('let everybody pass while the storage is down, and say so once a minute', async () => {
    const capture = new LogCapture();
    const down = () => Promise.reject(new StorageUnavailableError('down'));
    const counts = countsOn({ hit: down, forgetEnded: down }, capture);
    for (let call = 0; call < 10; call++) assert.equal(await counts.hit('a', 1), 1);
    assert.equal(capture.withMessage(message).length, 1);
    await counts.hit('a', 2);
    await counts.hit('a', 2);
    assert.equal(capture.withMessage(message).length, 2);
  });
});
