import assert from 'node:assert/strict';
import { type CommandLine, readCommandLine, USAGE, UsageError } from './command-line.ts';

const KEY = '7f1f3a52-0c5e-4d4b-9a53-1c6a2b7d8e90';
const URL = 'https://state.example';

function optionsOf(args: readonly string[], env = {}): CommandLine['options'] {
  const line = readCommandLine(args, env);
  assert.ok(line !== 'help');
  return line.options;
}

describe('the command line of `pnpm verify:deployment`', () => {
  it('takes a URL and a key', () => {
    assert.deepEqual(readCommandLine([URL, KEY], {}), {
      options: {
        url: URL,
        key: KEY,
        stall: 'schedule',
        pulse: 'full',
        redirect: 'full',
        heartbeats: undefined,
        timeoutMs: undefined,
      },
      json: false,
    });
  });

  it('takes the key from the environment, unless one is typed', () => {
    const other = '11111111-2222-4333-8444-555555555555';
    assert.equal(optionsOf([URL], { VERIFY_API_KEY: `${KEY}\n` }).key, KEY);
    assert.equal(optionsOf([URL, other], { VERIFY_API_KEY: KEY }).key, other);
  });

  it('takes the "--" that a script runner hands on', () => {
    assert.equal(optionsOf(['--', URL, KEY]).url, URL);
  });

  it('keeps the path of a URL, without its last slash', () => {
    assert.equal(optionsOf([`${URL}/behind/it/`, KEY]).url, `${URL}/behind/it`);
  });

  it('leaves out what it is told to', () => {
    assert.equal(optionsOf([URL, KEY, '--skip-stall']).stall, 'skip');
    assert.equal(optionsOf([URL, KEY, '--detect-now']).stall, 'request');
    assert.equal(optionsOf([URL, KEY, '--skip-pulse']).pulse, 'skip');
    assert.equal(optionsOf([URL, KEY, '--skip-redirect']).redirect, 'skip');
    const { stall, pulse, redirect } = optionsOf([URL, KEY, '--quick']);
    assert.deepEqual({ stall, pulse, redirect }, { stall: 'skip', pulse: 'skip', redirect: 'full' });
  });

  it('reads numbers', () => {
    const { heartbeats, timeoutMs } = optionsOf([URL, KEY, '--heartbeats=50', '--timeout', '5']);
    assert.deepEqual({ heartbeats, timeoutMs }, { heartbeats: 50, timeoutMs: 5000 });
  });

  it('explains itself', () => {
    assert.equal(readCommandLine(['--help'], {}), 'help');
    assert.equal(readCommandLine([URL, '-h'], {}), 'help');
    for (const name of ['--detect-now', '--skip-stall', '--skip-pulse', '--skip-redirect', '--quick', '--json']) {
      assert.ok(USAGE.includes(name));
    }
  });

  const wrong: readonly [string, readonly string[], RegExp][] = [
    ['nothing', [], /^Which URL\?/],
    ['no key', [URL], /^Which key\? Set VERIFY_API_KEY/],
    ['an empty key', [URL, ' '], /^Which key\?/],
    ['a key of another shape', [URL, 'secret-key-123'], /^The key is not shaped like one/],
    ['a URL without scheme', ['state.example', KEY], /^The URL must begin with http/],
    ['a URL with a strange scheme', ['ftp://state.example', KEY], /^The URL must begin with http/],
    ['credentials in the URL', [`https://user:${KEY}@state.example`, KEY], /^The URL must hold no credentials/],
    ['a query', [`${URL}?key=${KEY}`, KEY], /neither a query/],
    ['a fragment', [`${URL}#x`, KEY], /neither a query/],
    ['too much', [URL, KEY, KEY], /more than a URL and a key/],
    ['an unknown option', [URL, KEY, '--fast'], /an option that does not exist/],
    ['a value that is missing', [URL, KEY, '--heartbeats'], /without its value/],
    ['heartbeats that are no number', [URL, KEY, '--heartbeats=0x10'], /^--heartbeats must be a whole number from 10/],
    ['too few heartbeats', [URL, KEY, '--heartbeats=1'], /^--heartbeats must be a whole number from 10/],
    ['no time', [URL, KEY, '--timeout=0'], /^--timeout must be a whole number from 1/],
    ['a contradiction', [URL, KEY, '--quick', '--detect-now'], /contradict each other/],
  ];
  for (const [name, args, message] of wrong) {
    it(`refuses ${name}, and repeats no value`, () => {
      assert.throws(
        () => readCommandLine(args, {}),
        (error) =>
          error instanceof UsageError &&
          message.test(error.message) &&
          !error.message.includes(KEY) &&
          !error.message.includes('secret-key-123'),
      );
    });
  }
});
