import assert from 'node:assert/strict';
import { type BeatOutcome, HeartbeatLoop } from '../../src/lifecycle/heartbeat-loop.ts';
import { FakeClock, HOUR, MINUTE, SECOND } from '../support/fake-clock.ts';

describe('the heartbeat loop', () => {
  let clock: FakeClock;
  let beats: number[];
  let missed: number;
  let inFlight: number;
  let mostInFlight: number;
  let answer: (signal: AbortSignal) => Promise<BeatOutcome>;
  let loop: HeartbeatLoop;

  beforeEach(() => {
    clock = new FakeClock();
    beats = [];
    missed = 0;
    inFlight = 0;
    mostInFlight = 0;
    answer = async () => 'taken';
    loop = new HeartbeatLoop({
      clock,
      intervalMs: () => MINUTE,
      onMissed: () => {
        missed += 1;
      },
      async beat(signal) {
        beats.push(clock.now());
        inFlight += 1;
        mostInFlight = Math.max(mostInFlight, inFlight);
        const outcome = await answer(signal);
        inFlight -= 1;
        return outcome;
      },
    });
  });

  afterEach(() => loop.dispose());

  const lasting = (ms: number, outcome: BeatOutcome) => () =>
    new Promise<BeatOutcome>((done) => clock.after(ms, () => done(outcome)));
  const hanging = (signal: AbortSignal) =>
    new Promise<BeatOutcome>((done) => signal.addEventListener('abort', () => done('lost')));

  it('beats every 60 s ± 5 s for 24 hours, without drift and without two at a time', async () => {
    const start = clock.now();
    let turn = 0;
    // Each beat takes another while, up to four seconds: a loop that waited a minute after each would be hours late.
    answer = () => lasting((turn++ * 337) % 4000, 'taken')();
    loop.start();
    await clock.advance(24 * HOUR);
    assert.equal(beats.length, 24 * 60);
    for (const [index, at] of beats.entries()) {
      const due = start + (index + 1) * MINUTE;
      assert.ok(Math.abs(at - due) <= 5 * SECOND, `beat ${index} came ${at - due} ms off`);
    }
    assert.equal(mostInFlight, 1);
  }).timeout(20_000);

  for (const [how, byMs] of [
    ['back', -HOUR],
    ['forward', HOUR],
  ] as const) {
    it(`beats on each minute after somebody set the clock ${how} by an hour`, async () => {
      loop.start();
      await clock.advance(1.5 * MINUTE);
      await clock.set(byMs);
      await clock.advance(3 * MINUTE);
      assert.equal(beats.length, 4);
    });
  }

  it('cuts off a beat that hangs after 10 s, and tries again', async () => {
    let cutOffAt = 0;
    answer = (signal) => {
      if (beats.length > 1) return Promise.resolve('taken');
      signal.addEventListener('abort', () => {
        cutOffAt = clock.now();
      });
      return hanging(signal);
    };
    loop.start();
    await clock.advance(MINUTE + 9 * SECOND);
    assert.equal(cutOffAt, 0);
    await clock.advance(4 * SECOND);
    assert.equal(cutOffAt - (beats[0] ?? 0), 10 * SECOND);
    assert.equal(beats.length, 2);
    assert.equal(missed, 0);
  });

  it('tries a lost beat three more times, then gives it up until the next turn', async () => {
    answer = async () => 'lost';
    loop.start();
    await clock.advance(MINUTE + 59 * SECOND);
    assert.equal(beats.length, 4);
    assert.equal(missed, 1);
    await clock.advance(2 * SECOND);
    assert.equal(beats.length, 5);
  });

  it('does not repeat a beat that was refused', async () => {
    answer = async () => 'refused';
    loop.start();
    await clock.advance(MINUTE + 59 * SECOND);
    assert.equal(beats.length, 1);
    assert.equal(missed, 1);
  });

  it('comes back when it was asked to, and then on its own minute again', async () => {
    answer = async () => (beats.length === 1 ? { retryInMs: 45 * SECOND } : 'taken');
    loop.start();
    const start = clock.now();
    await clock.advance(3 * MINUTE);
    assert.deepEqual(
      beats.map((at) => (at - start) / SECOND),
      [60, 105, 120, 180],
    );
    assert.equal(missed, 0);
  });

  it('does not wait for longer than to its next turn, however long it was asked to', async () => {
    answer = async () => ({ retryInMs: HOUR });
    loop.start();
    await clock.advance(3 * MINUTE);
    assert.equal(beats.length, 3);
    assert.equal(missed, 3);
  });

  it('never has two beats in flight, whoever asks for one', async () => {
    answer = lasting(3 * SECOND, 'taken');
    loop.start();
    loop.beatNow();
    await clock.advance(SECOND);
    loop.beatNow();
    loop.beatNow();
    await clock.advance(10 * SECOND);
    assert.equal(beats.length, 2, 'what was asked for meanwhile is said once, afterwards');
    assert.equal(mostInFlight, 1);
  });

  it('beats at once when it is asked to, but not more than once a second', async () => {
    loop.start();
    const start = clock.now();
    loop.beatNow();
    assert.equal(beats.length, 1);
    for (let asked = 0; asked < 100; asked += 1) {
      loop.beatNow();
      await clock.advance(100);
    }
    assert.equal(beats.length, 12, 'the second was asked for while the first was under way');
    await clock.advance(2 * MINUTE);
    assert.deepEqual(
      beats.slice(-2).map((at) => (at - start) / SECOND),
      [70, 130],
      'the last of them began a new grid',
    );
  });

  it('does not make up for the turns it slept through', async () => {
    loop.start();
    await clock.advance(MINUTE);
    await clock.sleep(2 * HOUR);
    assert.equal(beats.length, 2);
    await clock.advance(MINUTE);
    assert.equal(beats.length, 3);
  });

  it('ends at once: no timer is left, and a beat in flight is cut off', async () => {
    let cutOff = false;
    answer = (signal) => {
      signal.addEventListener('abort', () => {
        cutOff = true;
      });
      return hanging(signal);
    };
    loop.start();
    await clock.advance(MINUTE);
    loop.dispose();
    await clock.advance(HOUR);
    assert.equal(cutOff, true);
    assert.equal(beats.length, 1);
    assert.equal(clock.pendingTimers, 0);
    assert.equal(missed, 0);
  });
});
