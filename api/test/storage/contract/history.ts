import assert from 'node:assert/strict';
import type { Storage } from '../../../src/storage/storage.ts';
import { at, DAY, MINUTE, olderEpoch, uniqueId } from './builders.ts';
import { times } from './harness.ts';

const HOUR = 60 * MINUTE;

export function describeHistory(storage: () => Storage): void {
  const measured = (since: Date, until: Date) => storage().history.measure({ since, until }, 10);

  describe('the history of stalls', () => {
    it('knows how many there were in a period, and how long they went undetected', async () => {
      const time = olderEpoch();
      const stalls = times(20, (index) => ({
        session_id: uniqueId('session'),
        last_heartbeat: time(index),
        detected_at: time(index + (index + 1) * MINUTE),
      }));
      await storage().history.recordStalls(stalls.toReversed());
      const { stalls: all } = await measured(time(0), time(DAY));
      const timeToDetectMs = { p50: 10 * MINUTE, p95: 19 * MINUTE };
      assert.deepEqual(all, { detected: 20, returned: 0, timeToDetectMs });
      const [first, second] = stalls;
      assert(first && second);
      const { stalls: one } = await measured(first.detected_at, second.detected_at);
      assert.deepEqual(one, { detected: 1, returned: 0, timeToDetectMs: { p50: MINUTE, p95: MINUTE } });
    });

    it('knows nothing of a period in which there was none, and takes none to record', async () => {
      const time = olderEpoch();
      await storage().history.recordStalls([]);
      const { stalls } = await measured(time(0), time(DAY));
      assert.deepEqual(stalls, { detected: 0, returned: 0, timeToDetectMs: { p50: null, p95: null } });
    });

    it('keeps a stall once that is told again, and what became of it', async () => {
      const time = olderEpoch();
      const stall = { session_id: uniqueId('session'), last_heartbeat: time(0), detected_at: time(MINUTE) };
      await storage().history.recordStalls([stall]);
      await storage().history.recordReturn(stall.session_id, time(2 * MINUTE));
      await Promise.all(times(5, () => storage().history.recordStalls([stall, stall])));
      const { stalls } = await measured(time(0), time(DAY));
      assert.deepEqual([stalls.detected, stalls.returned], [1, 1]);
    });

    it('a clock that ran backwards is no negative time', async () => {
      const time = olderEpoch();
      await storage().history.recordStalls([
        { session_id: uniqueId('session'), last_heartbeat: time(MINUTE), detected_at: time(0) },
      ]);
      assert.deepEqual((await measured(time(0), time(1))).stalls.timeToDetectMs, { p50: 0, p95: 0 });
    });

    it('a return ends the latest stall of its session if it is open, and no other', async () => {
      const time = olderEpoch();
      const [session_id, other] = [uniqueId('session'), uniqueId('session')];
      const stallAt = (minute: number, id = session_id) => ({
        session_id: id,
        last_heartbeat: time(0),
        detected_at: time(minute * MINUTE),
      });
      await storage().history.recordStalls([stallAt(1), stallAt(5), stallAt(5, other)]);
      await storage().history.recordReturn(session_id, time(6 * MINUTE));
      assert.equal((await measured(time(0), time(2 * MINUTE))).stalls.returned, 0);
      assert.equal((await measured(time(2 * MINUTE), time(DAY))).stalls.returned, 1);
      await storage().history.recordReturn(session_id, time(7 * MINUTE));
      await storage().history.recordReturn(uniqueId('session'), time(7 * MINUTE));
      assert.equal((await measured(time(0), time(DAY))).stalls.returned, 1);
    });
  });

  describe('the history of heartbeats', () => {
    it('adds up, however many count at once', async () => {
      const time = olderEpoch();
      await Promise.all(times(20, () => storage().history.countHeartbeats(time(0), { received: 3, refused: 1 })));
      await storage().history.countHeartbeats(time(HOUR), { received: 5, refused: 0 });
      assert.deepEqual((await measured(time(0), time(DAY))).heartbeats, { received: 65, refused: 20 });
    });

    it('is of the hours that overlap the period', async () => {
      const time = olderEpoch();
      for (const hour of [0, 1, 2]) {
        await storage().history.countHeartbeats(time(hour * HOUR), { received: 10 ** hour, refused: 0 });
      }
      const received = async (from: number, to: number) => (await measured(time(from), time(to))).heartbeats.received;
      assert.equal(await received(HOUR, 2 * HOUR), 10);
      assert.equal(await received(HOUR + 1, 2 * HOUR), 10);
      assert.equal(await received(2 * HOUR - 1, 2 * HOUR + 1), 110);
      assert.equal(await received(3 * HOUR, 4 * HOUR), 0);
    });
  });

  describe('the history', () => {
    it('is forgotten before a time, and kept from it on', async () => {
      const time = olderEpoch();
      const stalls = [0, DAY].map((start) => ({
        session_id: uniqueId('session'),
        last_heartbeat: time(start),
        detected_at: time(start),
      }));
      await storage().history.recordStalls(stalls);
      for (const start of [0, DAY]) {
        await storage().history.countHeartbeats(time(start), { received: 1, refused: 1 });
      }
      await storage().history.forgetBefore(time(DAY));
      const { stalls: kept, heartbeats } = await measured(time(0), time(2 * DAY));
      assert.equal(kept.detected, 1);
      assert.deepEqual(heartbeats, { received: 1, refused: 1 });
      assert.equal((await measured(at(0), at(1))).stalls.detected, 0);
    });
  });
}
