import assert from 'node:assert/strict';
import type { Session } from '@claude-projects/shared/contract';
import { SECOND } from '../support/fake-clock.ts';
import { Scenario } from '../support/scenario.ts';
import { type ApiBehindProxy, startApiBehindProxy } from './support/api-behind-proxy.ts';
import { refuseUnhandledRejections } from './support/unhandled-rejections.ts';

const DATABASE_TIMEOUT_MS = 1500;
/** "At once", on a busy machine. */
const AT_ONCE_MS = 500;

interface Answer {
  status: number;
  message: string;
  retryAfter: string | null;
  ms: number;
}

describe('faults: what callers see when MongoDB', () => {
  refuseUnhandledRejections();

  let behind: ApiBehindProxy;
  let session: Session;
  beforeEach(async () => {
    behind = await startApiBehindProxy(DATABASE_TIMEOUT_MS);
    session = await new Scenario(behind.api).session();
  });
  afterEach(() => behind.close());

  async function ask(path = `/api/sessions/${session.session_id}`): Promise<Answer> {
    const started = performance.now();
    const { status, body, headers } = await behind.api.call<{ message?: string }>('GET', path);
    const ms = performance.now() - started;
    return { status, message: body.message ?? '', retryAfter: headers.get('Retry-After'), ms };
  }

  /** The five failures that open the circuit, each in its time; from then on everybody is told so at once. */
  async function untilOpen(): Promise<void> {
    const failures = await Promise.all(Array.from({ length: 5 }, () => ask()));
    for (const { status, ms } of failures) {
      assert.ok(status === 503 || status === 504, `answered ${status}`);
      assert.ok(ms < DATABASE_TIMEOUT_MS + 1000, `took ${ms} ms`);
    }
    await isOpen(30);
  }

  async function isOpen(secondsLeft: number): Promise<void> {
    const { status, message, retryAfter, ms } = await ask();
    assert.equal(status, 503);
    assert.match(message, /circuit is open/);
    assert.equal(retryAfter, String(secondsLeft));
    assert.ok(ms < AT_ONCE_MS, `took ${ms} ms`);
    for (const path of ['/health', '/health/live']) assert.equal((await ask(path)).status, 200);
  }

  /** Second by second until the circuit lets a request through, which then must succeed in what is left of 35 s. */
  async function worksAgainWithin35s(): Promise<void> {
    for (let secondsLeft = 29; secondsLeft > 0; secondsLeft--) {
      behind.api.clock.advance(SECOND);
      await isOpen(secondsLeft);
    }
    behind.api.clock.advance(SECOND);
    const probe = await ask();
    assert.equal(probe.status, 200, probe.message);
    assert.ok(probe.ms < 5 * SECOND);
    const heartbeat = await behind.api.call('POST', `/api/sessions/${session.session_id}/heartbeat`);
    assert.equal(heartbeat.status, 200);
    assert.equal((await ask('/health/ready')).status, 200);
  }

  it('is gone, and comes back', async () => {
    await behind.proxy.cut();
    await untilOpen();
    assert.equal((await ask('/health/ready')).status, 503);
    await behind.proxy.restore();
    await worksAgainWithin35s();
  });

  it('hangs, and goes on', async () => {
    behind.proxy.hang();
    await untilOpen();
    const ready = await ask('/health/ready');
    assert.equal(ready.status, 503);
    assert.ok(ready.ms < DATABASE_TIMEOUT_MS + 1000);
    await behind.proxy.restore();
    await worksAgainWithin35s();
  });

  it('resets every connection, and takes them again', async () => {
    behind.proxy.refuse();
    await untilOpen();
    await behind.proxy.restore();
    await worksAgainWithin35s();
  });

  it('is still gone when the circuit probes: one caller waits for it, the others are told at once', async () => {
    await behind.proxy.cut();
    await untilOpen();
    behind.api.clock.advance(30 * SECOND);
    const answers = await Promise.all(Array.from({ length: 20 }, () => ask()));
    assert.deepEqual([...new Set(answers.map(({ status }) => status === 503 || status === 504))], [true]);
    assert.ok(answers.filter(({ ms }) => ms > AT_ONCE_MS).length <= 1);
    await isOpen(30);
    await behind.proxy.restore();
    await worksAgainWithin35s();
  });

  it('is slow, but within its time: everybody is answered, and the circuit stays closed', async () => {
    behind.proxy.slow(100);
    const answers = await Promise.all(Array.from({ length: 20 }, () => ask()));
    assert.deepEqual(
      answers.filter(({ status }) => status !== 200),
      [],
    );
  });

  it('is too slow: calls are given up with 504, and the circuit opens', async () => {
    behind.proxy.slow(DATABASE_TIMEOUT_MS * 2);
    const { status, ms } = await ask();
    assert.equal(status, 504);
    assert.ok(ms < DATABASE_TIMEOUT_MS + 1000);
    await Promise.all(Array.from({ length: 4 }, () => ask()));
    await isOpen(30);
    await behind.proxy.restore();
    await worksAgainWithin35s();
  });

  it('drops its connections once: nobody sees it', async () => {
    for (let round = 0; round < 3; round++) {
      behind.proxy.reset();
      assert.equal((await ask()).status, 200);
    }
  });

  it('comes back early: the readiness check finds out, and the next request works at once', async () => {
    await behind.proxy.cut();
    await untilOpen();
    await behind.proxy.restore();
    let ready = await ask('/health/ready');
    // One ping a second by the test's clock, each of which fails in its time until the driver has found the server.
    for (let second = 1; second < 5 && ready.status !== 200; second++) {
      behind.api.clock.advance(SECOND);
      ready = await ask('/health/ready');
    }
    assert.equal(ready.status, 200);
    assert.equal((await ask()).status, 200);
  });
});
