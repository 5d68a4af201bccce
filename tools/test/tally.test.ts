import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeTally, readTally } from './tally.ts';

describe('the tally of a test run', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tally-'));
  const file = join(folder, 'tally.jsonl');
  after(() => rmSync(folder, { recursive: true }));

  it('counts nothing where no suite ran', () => {
    assert.deepEqual(readTally(file), { passed: 0, failed: 0, skipped: [] });
  });

  it('adds up the suites and names what was skipped', () => {
    writeFileSync(
      file,
      '{"passed":2,"failed":0,"skipped":[]}\n{"passed":1,"failed":3,"skipped":["mongo (no engine found)"]}\n',
    );
    assert.equal(describeTally(readTally(file)), 'skipped: mongo (no engine found)\n3 passed, 3 failed, 1 skipped');
  });

  it('refuses a line that is no tally', () => {
    writeFileSync(file, '{"passed":"2"}\n');
    assert.throws(() => readTally(file), /Not a tally/);
  });
});
