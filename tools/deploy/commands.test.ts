import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

const MODULE = JSON.stringify(join(import.meta.dirname, 'commands.ts'));
/** Ends well when it is interrupted, and only then. */
const ORDERLY = `
  process.on('SIGINT', () => { console.log('stops in order'); process.exit(0); });
  setInterval(() => undefined, 1000);
  console.log('works');`;

/** A program that runs another, as a deployment does, and clears up where it fails. */
function callerOf(child: string): ChildProcess {
  const command = JSON.stringify([process.execPath, '-e', child]);
  const program = `
    const { commands } = await import(${MODULE});
    try {
      await commands.run(${command}, '.');
      console.log('goes on');
    } catch ({ message }) {
      console.log('clears up: ' + message.slice(message.lastIndexOf(':') + 2));
    }`;
  return spawn(process.execPath, ['--input-type=module', '-e', program], {
    detached: true,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

describe('a program that a deployment runs', () => {
  let caller: ChildProcess;
  afterEach(async () => {
    if (caller.exitCode !== null || caller.signalCode !== null) return;
    signal('SIGKILL');
    await once(caller, 'close');
  });

  /** As a terminal does: to all programs in it. */
  function signal(name: NodeJS.Signals): void {
    assert.ok(caller.pid !== undefined);
    process.kill(-caller.pid, name);
  }

  async function saidBy(child: string, once: Readonly<Record<string, () => void>>): Promise<string> {
    caller = callerOf(child);
    let said = '';
    for await (const text of caller.stdout?.setEncoding('utf8') ?? []) {
      said += String(text);
      once[said]?.();
    }
    return said;
  }

  it('is waited for when somebody interrupts it, and its success counts no more', async function () {
    // Windows has no signals that a test could send.
    if (process.platform === 'win32') this.skip();
    const said = await saidBy(ORDERLY, { 'works\n': () => signal('SIGINT') });
    assert.equal(said, 'works\nstops in order\nclears up: interrupted by SIGINT\n');
  });

  it('is waited for when only its caller is told to end', async function () {
    if (process.platform === 'win32') this.skip();
    const interruptible = `
      process.on('SIGTERM', () => console.log('was told'));
      ${ORDERLY}`;
    const said = await saidBy(interruptible, {
      'works\n': () => {
        caller.kill('SIGTERM');
        signal('SIGINT');
      },
    });
    assert.match(said, /^works\nstops in order\nclears up: interrupted by SIG(TERM|INT)\n$/);
  });

  it('fails with its own reason where it fails by itself', async () => {
    assert.equal(await saidBy('process.exit(3)', {}), 'clears up: it ended with code 3\n');
    assert.equal(await saidBy('', {}), 'goes on\n');
  });
});
