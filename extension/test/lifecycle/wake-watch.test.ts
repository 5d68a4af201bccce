import assert from 'node:assert/strict';
import { WakeWatch } from '../../src/lifecycle/wake-watch.ts';
import { FakeClock, HOUR, MINUTE, SECOND } from '../support/fake-clock.ts';

describe('the watch for waking up', () => {
  it('tells within seconds that the machine has slept, once, and for how long', async () => {
    const clock = new FakeClock();
    const woken: number[] = [];
    const watch = new WakeWatch(clock, (sleptMs) => woken.push(sleptMs));
    watch.start();
    await clock.advance(10 * MINUTE);
    assert.deepEqual(woken, []);
    await clock.sleep(2 * HOUR);
    assert.equal(woken.length, 1);
    assert.ok(Math.abs((woken[0] ?? 0) - 2 * HOUR) <= 10 * SECOND);
    await clock.advance(10 * MINUTE);
    assert.equal(woken.length, 1);
    watch.dispose();
    assert.equal(clock.pendingTimers, 0);
  });

  it('does not take a busy machine for one that slept', async () => {
    const clock = new FakeClock();
    const woken: number[] = [];
    const watch = new WakeWatch(clock, (sleptMs) => woken.push(sleptMs));
    watch.start();
    await clock.sleep(35 * SECOND);
    assert.deepEqual(woken, []);
    watch.dispose();
  });
});
