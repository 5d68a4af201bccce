import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { EventEmitter, once } from 'node:events';
import { join } from 'node:path';
import { USAGE } from '../../../tools/verify-deployment/command-line.ts';
import { runProgram } from '../../../tools/verify-deployment/program.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { startTestApi, type TestApi } from '../support/test-api.ts';
import { assertNothingLeft, RUN_LIMIT_MS, sharedTime } from './support/verified-run.ts';

const program = join(import.meta.dirname, '../../../tools/verify-deployment.ts');

/** The program lives in a process of its own, where no test moves the time. */
class RunningClock extends FakeClock {
  override now(): Date {
    return new Date();
  }
}

class Program {
  out = '';
  err = '';
  readonly #child;
  readonly #ended: Promise<unknown>;

  constructor(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
    this.#child = spawn(process.execPath, [program, ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { PATH: process.env['PATH'], ...env },
    });
    this.#ended = once(this.#child, 'close');
    this.#child.stdout.setEncoding('utf8').on('data', (text: string) => {
      this.out += text;
    });
    this.#child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.err += text;
    });
  }

  async ended(): Promise<number | null> {
    await this.#ended;
    return this.#child.exitCode;
  }

  stopReading(): void {
    this.#child.stdout.destroy();
    this.#child.stderr.destroy();
  }

  async interruptOnce(told: RegExp): Promise<void> {
    while (!told.test(this.err)) {
      assert.equal(this.#child.exitCode, null, `${this.out}${this.err}`);
      await Promise.race([once(this.#child.stderr, 'data'), this.#ended]);
    }
    this.#child.kill('SIGINT');
  }
}

/** The same program in this process, where time is the test's: no latency depends on the machine. */
async function runHere(api: TestApi, args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const out: string[] = [];
  const err: string[] = [];
  const code = await runProgram({
    args,
    env,
    signals: new EventEmitter(),
    say: (line) => void out.push(line),
    tell: (line) => void err.push(line),
    abandon: () => assert.fail('it was to end at once'),
    time: sharedTime(api),
  });
  return { code, out: out.join('\n'), err: err.join('\n') };
}

describe('what `pnpm verify:deployment` prints', function () {
  this.timeout(RUN_LIMIT_MS);
  let api: TestApi;
  before(async () => {
    api = await startTestApi();
  });
  after(() => api.close());

  it('is a line a check, ends with 0, and shows the key nowhere', async () => {
    const { code, out, err } = await runHere(api, [api.url, '--heartbeats=20'], { VERIFY_API_KEY: api.key });
    assert.equal(code, 0, out);
    assert.match(out, /^✓ the service answers, and is a Claude Projects API \(\d+ ms\)/m);
    assert.match(out, /^✓ the silent session is found stalled, .*by itself$/m);
    assert.match(out, /^\d+ verified, 0 failed, 4 not verified, in .*\.$/m);
    assert.ok(out.endsWith(`PASSED ${api.url}`));
    assert.match(err, /^… Heartbeat 1 of 5 in a minute$/m);
    assert.ok(!(out + err).includes(api.key));
    await assertNothingLeft(api);
  });

  it('is loud about what was left out', async () => {
    const { code, out } = await runHere(api, [api.url, api.key, '--quick', '--heartbeats=20']);
    assert.equal(code, 0, out);
    assert.match(out, /^– NOT VERIFIED: the silent session .* — left out on request$/m);
    assert.match(out, /^NOT VERIFIED: the silent session .* \(left out on request\)$/m);
  });

  it('is a report for programs with --json', async () => {
    const { code, out } = await runHere(api, [api.url, api.key, '--heartbeats=20', '--json']);
    assert.equal(code, 0);
    assert.partialDeepStrictEqual(JSON.parse(out), { passed: true, url: api.url, checks: [{ id: 'service' }] });
    assert.ok(!out.includes(api.key));
  });

  it('is its usage if asked for', async () => {
    assert.deepEqual(await runHere(api, ['--help']), { code: 0, out: USAGE, err: '' });
  });
});

describe('pnpm verify:deployment', function () {
  this.timeout(RUN_LIMIT_MS);
  let api: TestApi;
  before(async () => {
    api = await startTestApi({}, { clock: new RunningClock() });
  });
  after(() => api.close());

  it('ends with 1 where something failed', async () => {
    const key = randomUUID();
    const run = new Program([api.url, key, '--quick']);
    assert.equal(await run.ended(), 1);
    assert.match(run.out, /^✗ the key is accepted, in both headers .* the service does not know this key/m);
    assert.match(run.out, /FAILED http:\S+\n$/);
    assert.ok(!(run.out + run.err).includes(key));
  });

  it('ends with 2 and its usage where it was called wrongly', async () => {
    const key = randomUUID();
    for (const args of [[], ['nonsense', key], [api.url, key, key], [api.url]]) {
      const run = new Program(args);
      assert.equal(await run.ended(), 2, run.err);
      assert.match(run.err, /VERIFY_API_KEY=<key> pnpm verify:deployment <url>/);
      assert.equal(run.out, '');
      assert.ok(!run.err.includes(key));
    }
  });

  it('removes what it stored when nobody reads what it prints', async () => {
    const run = new Program([api.url, '--quick', '--heartbeats=10'], { VERIFY_API_KEY: api.key });
    run.stopReading();
    assert.ok([0, 1].includes((await run.ended()) ?? -1));
    await assertNothingLeft(api);
  });

  it('removes what it stored when it is interrupted', async () => {
    const run = new Program([api.url, '--heartbeats=20'], { VERIFY_API_KEY: api.key });
    await run.interruptOnce(/Heartbeat 1 of 5/);
    assert.equal(await run.ended(), 1);
    assert.match(run.err, /^Interrupted: removing what was stored\./m);
    assert.match(run.out, /^– NOT VERIFIED: a session beats every minute .* — interrupted$/m);
    assert.match(run.out, /^✓ everything that this run stored is removed /m);
    assert.match(run.out, /FAILED http:\S+\n$/);
    await assertNothingLeft(api);
  });
});
