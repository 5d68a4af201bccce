import assert from 'node:assert/strict';
import { LocalServer } from '../../src/local-server/local-server.ts';
import { LocalServerError } from '../../src/local-server/local-server-error.ts';
import type { ProcessEnd, ServerProcess } from '../../src/local-server/processes.ts';
import type { ReachedServer } from '../../src/local-server/server-launcher.ts';
import { FakeClock, HOUR, MINUTE, SECOND, settle } from '../support/fake-clock.ts';
import { RecordingLog } from '../support/recording-log.ts';

const never = new AbortController().signal;

/** Starts servers that live until the test ends them. */
class FakeLauncher {
  readonly startedAt: number[] = [];
  /** What the next starts fail with. */
  failure: Error | undefined;
  /** Starts take until the test says so. */
  held: Promise<void> = Promise.resolve();
  #crash: ((end: ProcessEnd) => void) | undefined;
  readonly #clock: FakeClock;

  constructor(clock: FakeClock) {
    this.#clock = clock;
  }

  async find(): Promise<undefined> {
    return undefined;
  }

  async end(): Promise<void> {
    throw new Error('nothing was found that could be ended');
  }

  async reach(signal: AbortSignal): Promise<ReachedServer> {
    this.startedAt.push(this.#clock.now());
    await this.held;
    signal.throwIfAborted();
    if (this.failure) throw this.failure;
    const { promise: ended, resolve } = Promise.withResolvers<ProcessEnd>();
    this.#crash = resolve;
    const number = this.startedAt.length;
    const process: ServerProcess = { pid: number, ended, stopReading: () => undefined, kill: () => undefined };
    const endpoint = { baseUrl: `http://127.0.0.1:${number}`, apiKey: 'secret', instance: String(number) };
    return { endpoint, version: '1.0.0', pid: number, process };
  }

  async crash(code: number | null = null): Promise<void> {
    this.#crash?.({ code, errors: '' });
    await settle();
  }
}

describe('a local server that ends', () => {
  let clock: FakeClock;
  let launcher: FakeLauncher;
  let log: RecordingLog;
  let server: LocalServer;

  beforeEach(() => {
    clock = new FakeClock();
    launcher = new FakeLauncher(clock);
    log = new RecordingLog();
    server = new LocalServer({ launcher, clock, log, random: { fraction: () => 0.999_999, uuid: () => 'unused' } });
  });
  afterEach(() => {
    server.dispose();
    assert.equal(clock.pendingTimers, 0);
    assert.ok(!log.lines.join('\n').includes('secret'));
  });

  it('by a crash is started again at once, then after 1 s, 2 s, 4 s … 30 s', async () => {
    await server.ensure(never);
    const pauses: number[] = [];
    for (let crash = 0; crash < 9; crash += 1) {
      const crashedAt = clock.now();
      await launcher.crash();
      while (server.state.kind !== 'running') await clock.advance(500);
      pauses.push((launcher.startedAt.at(-1) ?? 0) - crashedAt);
    }
    assert.deepEqual(
      pauses.map((pause) => pause / SECOND),
      [0, 1, 2, 4, 8, 16, 30, 30, 30],
    );
  });

  it('by a crash after a minute of health is started again at once', async () => {
    await server.ensure(never);
    for (let crash = 0; crash < 5; crash += 1) {
      await clock.advance(MINUTE);
      await launcher.crash();
      assert.equal(server.state.kind, 'running', `crash ${crash}`);
    }
    await clock.advance(MINUTE - SECOND);
    await launcher.crash();
    assert.equal(server.state.kind, 'failed', 'a second short of a minute is not healthy');
  });

  it('tells those who ask during a pause at once, with the reason', async () => {
    await server.ensure(never);
    await launcher.crash();
    await launcher.crash(9);
    assert.equal(server.state.kind, 'failed');
    await assert.rejects(server.ensure(never), { kind: 'ended', message: /exit code 9.*in 1 s/ });
    await clock.advance(SECOND);
    assert.equal((await server.ensure(never)).instance, '3');
  });

  it('is not waited for as long as somebody has set the clock back', async () => {
    await server.ensure(never);
    launcher.failure = new LocalServerError('unusable', 'the disk is full');
    await launcher.crash();
    await assert.rejects(server.ensure(never), { kind: 'unusable' });
    launcher.failure = undefined;
    await clock.set(-HOUR);
    await clock.advance(30 * SECOND);
    assert.equal((await server.ensure(never)).instance, '3');
  });

  it('in order is left alone until somebody needs it', async () => {
    await server.ensure(never);
    await launcher.crash(0);
    await clock.advance(10 * MINUTE);
    assert.equal(server.state.kind, 'stopped');
    assert.equal(launcher.startedAt.length, 1);
    assert.equal((await server.ensure(never)).instance, '2');
  });

  it('unnoticed is started again once, however many calls failed, and not for a late word about it', async () => {
    const { instance } = await server.ensure(never);
    for (let call = 0; call < 5; call += 1) server.reportUnreachable(instance);
    const { instance: next } = await server.ensure(never);
    server.reportUnreachable(instance);
    await settle();
    assert.equal(server.state.kind, 'running');
    assert.equal(next, '2');
    assert.equal(launcher.startedAt.length, 2);
  });

  it('and cannot be started again is tried by itself, with growing pauses', async () => {
    await server.ensure(never);
    launcher.failure = new LocalServerError('not-started', 'it does not come up');
    await launcher.crash();
    await clock.advance(20 * SECOND);
    launcher.failure = undefined;
    await clock.advance(30 * SECOND);
    assert.equal(server.state.kind, 'running');
    const first = launcher.startedAt[1] ?? 0;
    assert.deepEqual(
      launcher.startedAt.slice(1).map((at) => (at - first) / SECOND),
      [0, 1, 3, 7, 15, 31],
    );
  });

  it('and needs a person is not tried by itself', async () => {
    await server.ensure(never);
    launcher.failure = new LocalServerError('unusable', 'the disk is full');
    await launcher.crash();
    await clock.advance(10 * MINUTE);
    assert.equal(launcher.startedAt.length, 2);
    assert.equal(server.state.kind, 'failed');
    await assert.rejects(server.ensure(never), { kind: 'unusable', message: 'the disk is full' });
    assert.equal(launcher.startedAt.length, 3);
  });

  it('after the window closed is no business of it', async () => {
    await server.ensure(never);
    server.dispose();
    await launcher.crash();
    await clock.advance(MINUTE);
    assert.equal(launcher.startedAt.length, 1);
    await assert.rejects(server.ensure(never), { kind: 'disposed' });
  });
});

describe('waiting for the local server', () => {
  let clock: FakeClock;
  let launcher: FakeLauncher;
  let server: LocalServer;
  const release = { now: (): void => undefined };

  beforeEach(() => {
    clock = new FakeClock();
    launcher = new FakeLauncher(clock);
    const random = { fraction: () => 0, uuid: () => 'unused' };
    server = new LocalServer({ launcher, clock, random, log: new RecordingLog() });
    const held = Promise.withResolvers<void>();
    launcher.held = held.promise;
    release.now = held.resolve;
  });
  afterEach(() => server.dispose());

  it('is one start for all, and one who leaves does not stop it for the others', async () => {
    const leaver = new AbortController();
    const left = server.ensure(leaver.signal);
    const stays = [server.ensure(never), server.ensure(never)];
    leaver.abort();
    await assert.rejects(left, { name: 'AbortError' });
    release.now();
    for (const { instance } of await Promise.all(stays)) assert.equal(instance, '1');
    assert.equal(launcher.startedAt.length, 1);
  });

  it('ends with the last who leaves, and whoever comes next begins anew', async () => {
    const leaver = new AbortController();
    const left = server.ensure(leaver.signal);
    await settle();
    leaver.abort();
    await assert.rejects(left, { name: 'AbortError' });
    assert.equal(server.state.kind, 'stopped');
    const next = server.ensure(never);
    release.now();
    assert.equal((await next).instance, '2');
    assert.equal(server.state.kind, 'running');
  });

  it('does not begin for one who left before', async () => {
    await assert.rejects(server.ensure(AbortSignal.abort()), { name: 'AbortError' });
    assert.equal(launcher.startedAt.length, 0);
  });
});
