import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { holdEditor } from './editor-hold.ts';

const HOLDER = `
import { holdEditor } from ${JSON.stringify(join(import.meta.dirname, 'editor-hold.ts'))};
const hold = await holdEditor(process.argv[1]);
hold.announce('API http://127.0.0.1:4711');
console.log('held');
// The socket does not keep a process alive; the API of a real start does.
setInterval(() => undefined, 60_000);
`;

describe('the hold on the editor that `pnpm start` opens', function () {
  this.timeout(30_000);
  const dataDir = mkdtempSync(join(tmpdir(), 'hold-'));
  let holder: ChildProcess;

  beforeEach(async () => {
    const program = spawn(process.execPath, ['--input-type=module', '-e', HOLDER, dataDir], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    holder = program;
    await once(program.stdout, 'data');
  });
  afterEach(async () => {
    if (holder.exitCode !== null || holder.signalCode !== null) return;
    const exited = once(holder, 'exit');
    holder.kill('SIGKILL');
    await exited;
  });
  after(() => rmSync(dataDir, { recursive: true }));

  it('is refused to a second one, which is told where the first one is', async () => {
    await assert.rejects(holdEditor(dataDir), (error) => {
      assert.ok(error instanceof Error);
      assert.match(error.message, /runs already/);
      assert.match(error.message, /API http:\/\/127\.0\.0\.1:4711/);
      assert.match(error.message, /DATA_DIR/);
      return true;
    });
  });

  it('applies to one data folder, not to the machine', async () => {
    const other = mkdtempSync(join(tmpdir(), 'hold-'));
    (await holdEditor(other)).release();
    rmSync(other, { recursive: true });
  });

  it('ends with its process, however the process ends', async () => {
    const exited = once(holder, 'exit');
    holder.kill('SIGKILL');
    await exited;
    const hold = await holdEditor(dataDir);
    hold.announce('mine');
    if (process.platform !== 'win32') assert.equal(statSync(join(dataDir, 'addresses')).mode & 0o777, 0o600);
    await assert.rejects(holdEditor(dataDir), /mine/);
    hold.release();
    (await holdEditor(dataDir)).release();
  });
});
