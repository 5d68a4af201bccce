import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

const MODULE = JSON.stringify(join(import.meta.dirname, 'commands.ts'));
const LONG = JSON.stringify([process.execPath, '-e', "console.log('working'); setInterval(() => {}, 1000)"]);
const PROGRAM = `
  const { commands } = await import(${MODULE});
  try { await commands.run(${LONG}, '.'); } catch ({ message }) { console.log('clears up: ' + message); }`;

describe('a program that a deployment runs', () => {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    it(`can be ended by ${signal}, and what called it clears up`, async function () {
      // A terminal's signals reach all programs in it; Windows has none that a test could send.
      if (process.platform === 'win32') this.skip();
      const caller = spawn(process.execPath, ['--input-type=module', '-e', PROGRAM], {
        detached: true,
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      try {
        let said = '';
        for await (const text of caller.stdout.setEncoding('utf8')) {
          said += text;
          if (said === 'working\n')
            process.kill(signal === 'SIGINT' ? -groupOf(caller.pid) : groupOf(caller.pid), signal);
        }
        assert.match(said, new RegExp(`^working\\nclears up: .+ failed: ended by ${signal}\\n$`));
      } finally {
        caller.kill('SIGKILL');
        if (caller.exitCode === null && caller.signalCode === null) await once(caller, 'close');
      }
    });
  }
});

function groupOf(pid: number | undefined): number {
  if (pid === undefined) throw new Error('the program could not be started');
  return pid;
}
