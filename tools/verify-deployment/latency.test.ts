import assert from 'node:assert/strict';
import { describeLatency, isWithinLimit, latencyOf, percentile } from './latency.ts';

const upTo = (count: number) => Array.from({ length: count }, (_, index) => count - index);

describe('the latency of a deployment', () => {
  it('is told by percentiles, by nearest rank', () => {
    assert.deepEqual(
      [50, 95, 99].map((rank) => percentile(upTo(100), rank)),
      [50, 95, 99],
    );
    assert.deepEqual(
      [50, 95, 99].map((rank) => percentile(upTo(20), rank)),
      [10, 19, 20],
    );
    assert.deepEqual(
      [50, 95, 99].map((rank) => percentile([7], rank)),
      [7, 7, 7],
    );
  });

  it('must stay under its limit with 95 of 100, not at it', () => {
    const slow = (count: number) => [...Array<number>(100 - count).fill(10), ...Array<number>(count).fill(500)];
    assert.equal(isWithinLimit(latencyOf('heartbeat', slow(5), 500)), true);
    assert.equal(isWithinLimit(latencyOf('heartbeat', slow(6), 500)), false);
    assert.equal(isWithinLimit(latencyOf('heartbeat', slow(6), 501)), true);
  });

  it('is not well where nothing was measured', () => {
    assert.equal(isWithinLimit(latencyOf('heartbeat', [], 500)), false);
  });

  it('is told in one line', () => {
    assert.equal(
      describeLatency(latencyOf('heartbeat', [1.4, 2.6], 500)),
      'p50 1 ms, p95 3 ms, p99 3 ms of 2; p95 must stay under 500 ms',
    );
  });
});
