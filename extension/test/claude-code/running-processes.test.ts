import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { lineageOf, listProcesses, processesIn } from '../../src/claude-code/running-processes.ts';

describe('the processes of this machine', () => {
  it('are listed with their arguments and where they come from', async function () {
    if (process.platform === 'win32') this.skip();
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)', '--', '--resume', 'a b']);
    try {
      await once(child, 'spawn');
      const all = (await listProcesses()) ?? assert.fail('this system lists them');
      const found = all.find(({ pid }) => pid === child.pid);
      assert.ok(found);
      assert.ok(found.words.includes('--resume'));
      assert.deepEqual(lineageOf(found.pid, all).slice(0, 2), [child.pid, process.pid]);
    } finally {
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
    assert.ok(!(await listProcesses())?.some(({ pid }) => pid === child.pid), 'what has ended is gone');
  });

  it('are read from what ps prints', () => {
    assert.deepEqual(processesIn('    1     0 /sbin/launchd\n  512     1 claude --resume abc  Go on\n\n'), [
      { pid: 1, parent: 0, words: ['/sbin/launchd'] },
      { pid: 512, parent: 1, words: ['claude', '--resume', 'abc', 'Go', 'on'] },
    ]);
  });

  it('descend from each other, without going round in a circle', () => {
    const process = (pid: number, parent: number) => ({ pid, parent, words: [] });
    assert.deepEqual(lineageOf(4, [process(4, 3), process(3, 1), process(1, 0), process(9, 1)]), [4, 3, 1]);
    assert.deepEqual(lineageOf(4, [process(4, 3), process(3, 4)]), [4, 3]);
    assert.deepEqual(lineageOf(4, []), [4]);
  });
});
