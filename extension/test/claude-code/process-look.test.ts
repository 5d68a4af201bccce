import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { lookAtProcess } from '../../src/claude-code/process-look.ts';
import { hostOfPids, processFacts } from '../../src/hook/claude-process.ts';

describe('a look at a process', () => {
  const host = hostOfPids();
  const now = Date.now();

  it('tells one that lives from one that is gone', async () => {
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
    const { pid } = child;
    assert.ok(pid !== undefined);
    const start = processFacts(pid)?.start;
    const seen = { pid, host, ...(start !== undefined && { start }) };
    assert.equal(await lookAtProcess(seen, Date.now()), 'alive');
    child.kill('SIGKILL');
    await once(child, 'exit');
    assert.equal(await lookAtProcess(seen, Date.now()), 'gone');
  });

  it('tells it from another that has its pid now', async function () {
    if (process.platform !== 'linux') this.skip();
    const start = processFacts(process.pid)?.start;
    assert.ok(start !== undefined);
    assert.equal(await lookAtProcess({ pid: process.pid, host, start }, now), 'alive');
    assert.equal(await lookAtProcess({ pid: process.pid, host, start: `${start}0` }, now), 'gone');
  });

  it('says nothing of one of another machine or container, or of one that was not seen', async () => {
    assert.equal(await lookAtProcess({ pid: process.pid, host: 'elsewhere' }, now), 'unknown');
    assert.equal(await lookAtProcess({ host }, now), 'unknown');
  });
});
