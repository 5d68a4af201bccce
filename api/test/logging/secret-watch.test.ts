import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { assertNoLeaks } from '../support/no-secrets-in-logs.ts';
import { SecretWatch } from '../support/secret-watch.ts';

const run = promisify(execFile);

describe('the watch for secrets in logs', () => {
  const key = randomUUID();
  const leaksIn = (line: string): string[] => {
    const watch = new SecretWatch();
    watch.addKeys([key]);
    watch.addWord('planted');
    watch.read(line);
    return watch.leaks.map(({ what }) => what);
  };

  it('finds a key wherever it stands, in either case, and not an id that is no key', () => {
    for (const line of [key, `{"key":"${key.toUpperCase()}"}`, `${randomUUID()} ${key}x`, `abc${key}`]) {
      assert.deepEqual(leaksIn(line), ['an API key'], line);
    }
    assert.deepEqual(leaksIn(`{"session_id":"${randomUUID()}"}`), []);
    assert.deepEqual(leaksIn(`${key.slice(0, 4)}…${key.slice(-4)}`), []);
  });

  it('finds user and password in the address of a database, and not an address without', () => {
    for (const line of ['mongodb://user:pass@host/db', 'x mongodb+srv://u:p@ss@host y', 'MongoDB://a:b@host']) {
      assert.deepEqual(leaksIn(line), ['credentials of a database'], line);
    }
    for (const line of ['mongodb://host:27017/db', 'mongodb://***@host/db', 'mongodb://one:1,two:2/db?x=a@b']) {
      assert.deepEqual(leaksIn(line), [], line);
    }
  });

  it('finds what was planted', () => {
    assert.deepEqual(leaksIn('a planted word'), ['a planted secret']);
  });

  it('fails the run, without repeating the secret', () => {
    const watch = new SecretWatch();
    watch.addKeys([key]);
    watch.read('{"message":"harmless"}');
    assertNoLeaks(watch);
    watch.read(`{"message":"Key found","key":"${key}"}`);
    assert.throws(
      () => assertNoLeaks(watch),
      ({ message }: Error) => /an API key, in the line: Key found/.test(message) && !message.includes(key),
    );
  });

  it('fails a whole run of mocha in which every test passed', async function () {
    this.timeout(30_000);
    const mocha = createRequire(import.meta.url).resolve('mocha/bin/mocha.js');
    const args = [
      '--config',
      '.mocharc.json',
      '--ignore',
      '**/*.test.ts',
      '--spec',
      'test/logging/support/leaking-run.ts',
    ];
    const cwd = fileURLToPath(new URL('../../', import.meta.url));
    const { TEST_TALLY_FILE: _, ...env } = process.env;
    await assert.rejects(run(process.execPath, [mocha, ...args], { cwd, env }), (error: unknown) => {
      assert.ok(error instanceof Error && 'stdout' in error && 'code' in error);
      assert.notEqual(error.code, 0);
      assert.match(String(error.stdout), /1 passing[^]*1 failing[^]*an API key, in the line: Leaked/);
      return true;
    });
  });
});
