import assert from 'node:assert/strict';
import { RateLimitedError } from '@claude-projects/shared/client';
import { Emitter } from '../../src/platform/emitter.ts';
import { inEnglish } from '../../src/platform/localize.ts';
import { BETWEEN_READINGS_MS, SessionPoller } from '../../src/sessions/session-poller.ts';
import { checkSettings } from '../../src/settings/check-settings.ts';
import type { Settings } from '../../src/settings/settings.ts';
import { FakeLifecycle, FakeTracker } from '../commands/support/fake-lifecycle.ts';
import { emptySettings } from '../settings/support/empty-settings.ts';
import { keyRefused, unreachable } from '../support/errors.ts';
import { HOUR, MINUTE, SECOND } from '../support/fake-clock.ts';
import { readyEndpoint } from '../support/scripted-api.ts';
import { StoreBench } from './support/store-bench.ts';

describe('the poller of sessions', () => {
  let bench: StoreBench;
  let poller: SessionPoller;
  let lifecycle: FakeLifecycle;

  beforeEach(() => {
    bench = new StoreBench();
    lifecycle = new FakeLifecycle();
    const settingsChanged = new Emitter<Settings>((error) => {
      throw error;
    });
    poller = new SessionPoller({
      store: bench.store,
      connection: bench.connection,
      lifecycle,
      settings: { current: checkSettings(emptySettings, inEnglish).settings, onDidChange: settingsChanged.event },
      clock: bench.clock,
      random: { fraction: () => 1, uuid: () => '' },
    });
  });

  afterEach(() => {
    poller.dispose();
    bench.dispose();
  });

  /** A reading lists the sessions, or ends with the first request that fails. */
  const readings = () => bench.api.takeAnswered().filter((line) => /^failed | \/api\/sessions$/.test(line)).length;
  const during = async (ms: number) => {
    bench.api.takeAnswered();
    await bench.clock.advance(ms);
    return readings();
  };

  it('reads nothing until somebody looks', async () => {
    assert.equal(await during(HOUR), 0);
    assert.equal(bench.clock.pendingTimers, 0);
    poller.setVisible(true);
    assert.equal(await during(0), 1);
  });

  it('reads after a change of this window, at most every five seconds, and only while somebody looks', async () => {
    const { store } = bench;
    const [session] = bench.history(1);
    assert.ok(session);
    bench.api.put(session);
    store.learn({ kind: 'session', session });
    assert.equal(await during(5 * SECOND), 0, 'nobody looks');
    poller.setVisible(true);
    await during(BETWEEN_READINGS_MS);
    store.learn({ kind: 'session', session });
    assert.equal(await during(0), 1);
    for (let change = 0; change < 10; change += 1) store.learn({ kind: 'session', session });
    assert.equal(await during(BETWEEN_READINGS_MS - 1), 0);
    assert.equal(await during(1), 1);
    assert.equal(await during(14 * SECOND), 0, 'then at the usual pace');
    store.learn({ kind: 'heartbeat', session });
    assert.equal(await during(0), 0, 'a heartbeat says all there is');
  });

  it('does not hurry a server that fails', async () => {
    const { store, api } = bench;
    poller.setVisible(true);
    await during(0);
    api.failure = () => unreachable();
    await store.poll();
    store.learn({ kind: 'session', session: bench.session() });
    assert.equal(await during(4 * SECOND), 0);
  });

  it('begins that reading after the change, also where one is under way', async () => {
    const { store, api } = bench;
    const session = bench.session();
    api.put(session);
    poller.setVisible(true);
    await during(0);
    const gate = Promise.withResolvers<void>();
    api.gate = gate.promise;
    void store.refresh();
    await bench.clock.advance(SECOND);
    store.learn({ kind: 'session', session });
    api.takeAnswered();
    gate.resolve();
    await bench.clock.advance(BETWEEN_READINGS_MS);
    assert.equal(readings(), 2);
  });

  it('follows what is seen and what runs', async () => {
    poller.setVisible(true);
    await during(0);
    assert.equal(await during(10 * MINUTE), 10, 'nothing runs');
    bench.api.put(bench.session());
    await during(MINUTE);
    assert.equal(await during(10 * MINUTE), 40, 'something runs');
    poller.setVisible(false);
    assert.equal(await during(10 * MINUTE), 5, 'nobody sees it');
    bench.api.sessions = [];
    await during(2 * MINUTE);
    assert.equal(await during(HOUR), 0, 'nobody needs it');
    assert.equal(bench.clock.pendingTimers, 0);
  });

  it('reads while this window tracks a session, though nobody looks', async () => {
    lifecycle.trackers.push(new FakeTracker());
    lifecycle.changed.fire(new FakeTracker());
    await during(0);
    assert.equal(await during(10 * MINUTE), 5);
  });

  it('counts the refreshes of others as its own', async () => {
    poller.setVisible(true);
    await during(30 * SECOND);
    await bench.store.refresh();
    assert.equal(await during(59 * SECOND), 0);
    assert.equal(await during(SECOND), 1);
  });

  it('never reads twice at a time, however long an answer takes', async () => {
    bench.api.put(bench.session());
    poller.setVisible(true);
    await during(0);
    let open = () => undefined as void;
    bench.api.gate = new Promise((done) => {
      open = done;
    });
    assert.equal(await during(10 * MINUTE), 0);
    open();
    assert.equal(await during(0), 1);
    assert.equal(await during(15 * SECOND), 1);
  });

  it('backs off while the API is away, and reads at once when it is back', async () => {
    bench.api.put(bench.session());
    poller.setVisible(true);
    await during(0);
    bench.api.failure = unreachable;
    await during(15 * SECOND);
    await during(10 * MINUTE);
    assert.equal(await during(10 * MINUTE), 10);
    bench.api.failure = undefined;
    await bench.connection.call((client, signal) => client.listTasks({}, { signal }));
    assert.equal(await during(0), 1);
    assert.equal(bench.store.status.failures, 0);
  });

  it('asks nothing while the key is refused, and goes on with another', async () => {
    poller.setVisible(true);
    bench.api.failure = keyRefused;
    await during(0);
    assert.equal(await during(HOUR), 0);
    assert.equal(bench.clock.pendingTimers, 0);
    bench.api.failure = undefined;
    bench.source.change(readyEndpoint('first'));
    assert.equal(await during(0), 1);
    assert.equal(bench.store.status.failures, 0);
  });

  it('waits as long as the API asks it to', async () => {
    poller.setVisible(true);
    bench.api.failure = () =>
      new RateLimitedError('slow', { code: 'RATE_LIMITED', status: 429, retryAfterMs: 50 * SECOND });
    await during(0);
    assert.equal(await during(50 * SECOND - 1), 0);
    bench.api.failure = undefined;
    assert.equal(await during(1), 1);
  });

  it('reads at once what another API has', async () => {
    poller.setVisible(true);
    await during(0);
    bench.source.change(readyEndpoint('other', 'remote', 'https://elsewhere.example'));
    assert.equal(await during(SECOND), 1);
    assert.equal(await during(30 * SECOND), 0);
  });

  it('waits five minutes at most, whatever it is asked, and whoever sets the clock back meanwhile', async () => {
    const tooMany = () => new RateLimitedError('no', { code: 'RATE_LIMITED', status: 429, retryAfterMs: 24 * HOUR });
    poller.setVisible(true);
    bench.api.failure = tooMany;
    await during(0);
    bench.api.failure = undefined;
    assert.equal(await during(5 * MINUTE - 1), 0);
    assert.equal(await during(1), 1);
    bench.api.failure = tooMany;
    await during(MINUTE);
    bench.api.failure = undefined;
    await bench.clock.set(-3 * HOUR);
    assert.ok((await during(5 * MINUTE)) >= 1);
  });

  it('has one timer at most, and none after it was disposed of', async () => {
    poller.setVisible(true);
    for (let turn = 0; turn < 20; turn += 1) {
      await during(7 * SECOND);
      poller.setVisible(turn % 2 === 0);
      assert.ok(bench.clock.pendingTimers <= 1);
    }
    poller.dispose();
    assert.equal(bench.clock.pendingTimers, 0);
    poller.setVisible(true);
    assert.equal(await during(HOUR), 0);
  });
});
