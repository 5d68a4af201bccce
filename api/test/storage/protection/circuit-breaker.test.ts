import assert from 'node:assert/strict';
import { CircuitBreaker, type Passage } from '../../../src/storage/protection/circuit-breaker.ts';
import { FakeClock, SECOND } from '../../support/fake-clock.ts';

describe('a circuit breaker', () => {
  let clock: FakeClock;
  let states: string[];
  let breaker: CircuitBreaker;
  beforeEach(() => {
    clock = new FakeClock();
    states = [];
    breaker = new CircuitBreaker(clock, (state) => states.push(state));
  });

  function mustEnter(): Passage {
    const passage = breaker.enter();
    assert.ok(passage, 'the call was refused');
    return passage;
  }

  function open(): void {
    for (let failure = 0; failure < 5; failure++) breaker.failed(mustEnter());
    assert.equal(breaker.enter(), undefined);
  }

  it('lets one call probe, and no other while that is under way', () => {
    open();
    clock.advance(30 * SECOND);
    const probe = mustEnter();
    assert.equal(breaker.enter(), undefined);
    breaker.succeeded(probe);
    mustEnter();
    assert.deepEqual(states, ['open', 'half-open', 'closed']);
  });

  it('counts the time until the next probe from the start of the last, however long that took', () => {
    open();
    clock.advance(30 * SECOND);
    const probe = mustEnter();
    clock.advance(10 * SECOND);
    breaker.failed(probe);
    assert.equal(breaker.retryAfterMs(), 20 * SECOND);
    clock.advance(20 * SECOND);
    mustEnter();
  });

  it('does not listen to calls from before it opened, neither while it is open nor while it probes', () => {
    const early = mustEnter();
    open();
    breaker.succeeded(early);
    breaker.failed(early);
    assert.equal(breaker.retryAfterMs(), 30 * SECOND);
    clock.advance(30 * SECOND);
    const probe = mustEnter();
    breaker.succeeded(early);
    assert.equal(breaker.enter(), undefined);
    breaker.succeeded(probe);
    assert.equal(breaker.isClosed, true);
  });

  it('begins to count anew once it is closed again', () => {
    open();
    clock.advance(30 * SECOND);
    breaker.succeeded(mustEnter());
    for (let failure = 0; failure < 4; failure++) breaker.failed(mustEnter());
    assert.equal(breaker.isClosed, true);
  });

  it('forgets a failure after a minute', () => {
    for (let failure = 0; failure < 20; failure++) {
      breaker.failed(mustEnter());
      clock.advance(15 * SECOND);
    }
    assert.equal(breaker.isClosed, true);
  });

  it('may be told to probe early', () => {
    open();
    breaker.allowProbe();
    assert.equal(breaker.retryAfterMs(), 0);
    mustEnter();
    assert.equal(breaker.enter(), undefined);
  });
});
