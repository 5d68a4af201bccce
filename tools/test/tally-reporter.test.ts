import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readTally } from './tally.ts';

describe('a suite that is over', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'tally-reporter-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  function run(body: string) {
    const file = join(folder, 'one.test.cjs');
    const tallyFile = join(folder, 'tally.jsonl');
    writeFileSync(file, `it('passes', () => { ${body} });\n`);
    const reporter = ['--reporter', join(import.meta.dirname, 'tally-reporter.ts')];
    const { status, stderr } = spawnSync('mocha', ['--no-config', ...reporter, file], {
      encoding: 'utf8',
      shell: process.platform === 'win32',
      env: { ...process.env, TEST_TALLY_FILE: tallyFile, TEST_END_PATIENCE_MS: '50' },
    });
    return { status, stderr, tally: readTally(tallyFile) };
  }

  it('has passed where its process ends', () => {
    const { status, tally } = run('');
    assert.equal(status, 0);
    assert.deepEqual(tally, { passed: 1, failed: 0, skipped: [] });
  });

  it('has failed where something was left open, and says what', () => {
    const { status, stderr, tally } = run('setInterval(() => {}, 1000);');
    assert.equal(status, 1);
    assert.match(stderr, /Some test left open: .*Timeout/);
    assert.deepEqual(tally, { passed: 1, failed: 1, skipped: [] });
  });
});
