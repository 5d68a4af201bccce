import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { lookAtProcess } from '../../src/claude-code/process-look.ts';
import { hostOfPids, processFacts } from '../../src/hook/claude-process.ts';
import { eventually } from '../lifecycle/journals/support/eventually.ts';

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
    // Windows does not tell when a process began.
    if (process.platform === 'win32') this.skip();
    const beganAt = performance.timeOrigin;
    assert.equal(await lookAtProcess({ pid: process.pid, host }, now), 'alive');
    assert.equal(await lookAtProcess({ pid: process.pid, host }, beganAt + 1000), 'alive');
    assert.equal(await lookAtProcess({ pid: process.pid, host }, beganAt - 60_000), 'gone');
  });

  it('tells it exactly where its start is known', async function () {
    if (process.platform !== 'linux') this.skip();
    const start = processFacts(process.pid)?.start;
    assert.ok(start !== undefined);
    assert.equal(await lookAtProcess({ pid: process.pid, host, start }, now), 'alive');
    assert.equal(await lookAtProcess({ pid: process.pid, host, start }, 0), 'alive', 'the clock was set meanwhile');
    assert.equal(await lookAtProcess({ pid: process.pid, host, start: `${start}0` }, now), 'gone');
  });

  it('takes a zombie for gone', async function () {
    if (process.platform !== 'linux') this.skip();
    // Its parent lives, and never asks what became of it.
    const script = 'sh -c "echo \\$\\$" & exec sleep 60';
    const parent = spawn('sh', ['-c', script], { stdio: ['ignore', 'pipe', 'ignore'] });
    let printed = '';
    parent.stdout.setEncoding('utf8').on('data', (part: string) => {
      printed += part;
    });
    await once(parent.stdout, 'data');
    const pid = Number(printed);
    await eventually(
      () => processFacts(pid)?.state === 'Z',
      () => `process ${pid}: ${processFacts(pid)?.state}`,
    );
    assert.equal(await lookAtProcess({ pid, host }, Date.now()), 'gone');
    parent.kill('SIGKILL');
    await once(parent, 'exit');
  });

  it('says nothing of one of another machine or container, or of one that was not seen', async () => {
    assert.equal(await lookAtProcess({ pid: process.pid, host: 'elsewhere' }, now), 'unknown');
    assert.equal(await lookAtProcess({ host }, now), 'unknown');
  });
});
