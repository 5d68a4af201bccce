import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BoundedLogFile } from '../../src/local-server/bounded-log-file.ts';

const LIMIT = 1000;
const LINE = `${'x'.repeat(99)}\n`;

describe('the log of the local server', () => {
  let folder: string;
  let path: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'claude-projects-log-'));
    path = join(folder, 'server.log');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('keeps the last lines, and never more than twice its limit', () => {
    const log = new BoundedLogFile(path, LIMIT);
    for (let line = 0; line < 1005; line += 1) log.write(LINE);
    log.write('the last\n');
    log.close();
    assert.ok(readFileSync(path, 'utf8').endsWith('the last\n'));
    const size = statSync(path).size + statSync(`${path}.old`).size;
    assert.ok(size <= 2 * LIMIT + LINE.length, `${size} bytes`);
    assert.ok(size > LIMIT);
  });

  it('goes on where the last launch ended, and counts what that one wrote', () => {
    for (let launch = 0; launch < 30; launch += 1) {
      const log = new BoundedLogFile(path, LIMIT);
      log.write(LINE);
      log.close();
    }
    assert.ok(statSync(path).size <= LIMIT);
    assert.equal(statSync(`${path}.old`).size, LIMIT);
  });

  it('loses lines where they cannot be written, and troubles nobody with it', () => {
    const log = new BoundedLogFile(path, LIMIT);
    log.close();
    log.write(LINE);
    assert.equal(statSync(path).size, 0);
  });
});
