import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import Fastify, { type FastifyInstance } from 'fastify';
import { IdleWatch } from '../../src/local-server/idle-watch.ts';
import { FakeClock, HOUR, MINUTE, SECOND } from '../support/fake-clock.ts';
import { ManualEvery } from './support/manual-every.ts';

const IDLE_MS = 10 * MINUTE;

describe('the watch for idleness', () => {
  let clock: FakeClock;
  let every: ManualEvery;
  let idle: number;
  let fastify: FastifyInstance;
  let finish: () => void;

  beforeEach(() => {
    clock = new FakeClock();
    every = new ManualEvery(clock);
    idle = 0;
    const watch = new IdleWatch({ idleMs: IDLE_MS, clock, every: every.every, onIdle: () => (idle += 1) });
    fastify = Fastify();
    fastify.decorateRequest('keyId', null);
    fastify.addHook('onRequest', (request, _reply, done) => {
      request.keyId = typeof request.headers['x-api-key'] === 'string' ? 'the key' : null;
      done();
    });
    watch.addTo(fastify);
    fastify.get('/quick', async () => 'done');
    const slow = Promise.withResolvers<void>();
    finish = slow.resolve;
    fastify.get('/slow', async () => {
      await slow.promise;
      return 'done';
    });
  });
  afterEach(() => fastify.close());

  const call = (url: string) => fastify.inject({ url, headers: { 'x-api-key': randomUUID() } });

  it('tells once when nobody has called for so long', () => {
    every.advance(IDLE_MS - SECOND);
    assert.equal(idle, 0);
    every.advance(MINUTE);
    assert.equal(idle, 1);
    every.advance(HOUR);
    assert.equal(idle, 1);
    assert.equal(every.timers, 0);
  });

  it('begins anew with each call', async () => {
    for (let turn = 0; turn < 5; turn += 1) {
      every.advance(IDLE_MS - MINUTE);
      await call('/quick');
    }
    assert.equal(idle, 0);
    every.advance(IDLE_MS + MINUTE);
    assert.equal(idle, 1);
  });

  it('does not count who comes without the key', async () => {
    every.advance(IDLE_MS - MINUTE);
    await fastify.inject('/quick');
    every.advance(2 * MINUTE);
    assert.equal(idle, 1);
  });

  it('waits for a call that is still being answered, however long that takes', async () => {
    const answer = call('/slow');
    await fastify.ready();
    await new Promise((done) => setImmediate(done));
    every.advance(3 * IDLE_MS);
    assert.equal(idle, 0);
    finish();
    await answer;
    every.advance(IDLE_MS - MINUTE);
    assert.equal(idle, 0, 'and counts from its end');
    every.advance(2 * MINUTE);
    assert.equal(idle, 1);
  });

  it('does not count a night in which the machine slept', () => {
    every.advance(MINUTE);
    every.sleep(8 * HOUR);
    every.advance(8 * MINUTE);
    assert.equal(idle, 0);
    every.advance(2 * MINUTE);
    assert.equal(idle, 1);
  });
});
