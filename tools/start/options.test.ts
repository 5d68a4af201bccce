import assert from 'node:assert/strict';
import { readOptions, USAGE } from './options.ts';

const seen = { terminal: true, env: {} };

describe('the options of `pnpm start`', () => {
  it('open an editor for a person at a terminal', () => {
    assert.deepEqual(readOptions([], seen), { editor: 'auto', demo: false });
  });

  it('open none where nobody looks', () => {
    assert.deepEqual(readOptions([], { terminal: false, env: {} }), { editor: 'none', demo: false });
    for (const CI of ['1', 'true']) {
      assert.deepEqual(readOptions([], { terminal: true, env: { CI } }), { editor: 'none', demo: false });
    }
    assert.deepEqual(readOptions([], { terminal: true, env: { CI: 'false' } }), { editor: 'auto', demo: false });
  });

  it('open none if told so', () => {
    assert.deepEqual(readOptions(['--api-only'], seen), { editor: 'none', demo: false });
  });

  it('open one for the demo, whoever looks', () => {
    assert.deepEqual(readOptions(['--demo'], { terminal: false, env: {} }), { editor: 'auto', demo: true });
  });

  it('open the one that is named', () => {
    const nobody = { terminal: false, env: { CI: '1' } };
    assert.deepEqual(readOptions(['--editor=browser'], nobody), { editor: 'browser', demo: false });
    assert.deepEqual(readOptions(['--editor', 'desktop', '--demo'], nobody), { editor: 'desktop', demo: true });
  });

  it('print the usage for --help, whatever else is given', () => {
    for (const args of [['--help'], ['-h'], ['--demo', '--help']]) assert.equal(readOptions(args, seen), 'help');
    for (const option of ['--help', '--demo', '--editor', '--api-only']) assert.ok(USAGE.includes(option), option);
  });

  it('refuse what they do not know, and show the usage', () => {
    for (const args of [['--editor=vim'], ['--editor'], ['--quick'], ['demo']]) {
      assert.throws(
        () => readOptions(args, seen),
        (error) => {
          assert.ok(error instanceof Error);
          assert.ok(error.message.endsWith(USAGE), error.message);
          assert.ok(error.message.includes(args[0]?.split('=')[0] ?? ''), error.message);
          return true;
        },
      );
    }
  });
});
