import assert from 'node:assert/strict';
import type { Every } from '../../src/common/every.ts';
import { HeartbeatCounts } from '../../src/history/heartbeat-counts.ts';
import { HeartbeatFlushService } from '../../src/history/heartbeat-flush.service.ts';
import { Log } from '../../src/logging/log.ts';
import type { Storage } from '../../src/storage/storage.ts';
import { HOUR, MINUTE } from '../support/fake-clock.ts';
import { overriding } from '../support/overriding.ts';
import { openTestStorage, type TestStorage } from '../support/test-storage.ts';

const SILENT = new Log({ logLevel: 'silent', apiKeys: [], mongodbUri: undefined });
const START = new Date('2026-03-01T09:30:00.000Z');

/** A timer that the test turns. */
class HandTimer {
  readonly turns: { milliseconds: number; work: () => void }[] = [];
  readonly every: Every = (milliseconds, work) => {
    const turn = { milliseconds, work };
    this.turns.push(turn);
    return { stop: () => void this.turns.splice(this.turns.indexOf(turn), 1) };
  };
}

describe('heartbeat counts', () => {
  let opened: TestStorage;
  let timer: HandTimer;
  let counts: HeartbeatCounts;
  beforeEach(async () => {
    opened = await openTestStorage();
    timer = new HandTimer();
    counts = new HeartbeatCounts();
  });
  afterEach(async () => {
    await opened.storage.close();
    await opened.dispose();
  });

  const flushing = (storage: Storage) => new HeartbeatFlushService(counts, storage, timer.every, SILENT);
  const kept = async (from = 0, to = 24 * HOUR) => {
    const [since, until] = [new Date(START.getTime() + from), new Date(START.getTime() + to)];
    return (await opened.storage.history.measure({ since, until }, 1)).heartbeats;
  };

  it('are added to the history once a minute, each hour to its own, and no more than once', async () => {
    const service = flushing(opened.storage);
    service.onApplicationBootstrap();
    assert.deepEqual(
      timer.turns.map(({ milliseconds }) => milliseconds),
      [MINUTE],
    );
    for (let beat = 0; beat < 5; beat++) counts.received(START);
    counts.refused(START);
    counts.received(new Date(START.getTime() + HOUR));
    assert.deepEqual(await kept(), { received: 0, refused: 0 });
    timer.turns[0]?.work();
    await service.flush();
    assert.deepEqual(await kept(), { received: 6, refused: 1 });
    assert.deepEqual(await kept(HOUR), { received: 1, refused: 0 });
    await service.flush();
    counts.received(START);
    await service.onApplicationShutdown();
    assert.deepEqual(await kept(), { received: 7, refused: 1 });
    assert.deepEqual(timer.turns, [], 'the timer is stopped');
  });

  it('wait for the next time when the storage fails, and are added then once', async () => {
    let failing = true;
    const { history } = opened.storage;
    const service = flushing(
      overriding(opened.storage, {
        history: overriding(history, {
          countHeartbeats: (...args) =>
            failing ? Promise.reject(new Error('gone')) : history.countHeartbeats(...args),
        }),
      }),
    );
    counts.received(START);
    await service.flush();
    counts.received(START);
    await service.flush();
    failing = false;
    await Promise.all([service.flush(), service.flush()]);
    assert.deepEqual(await kept(), { received: 2, refused: 0 });
  });
});
