import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { lookAtProcess } from '../../src/claude-code/process-look.ts';
import { Register, type WatchFolder } from '../../src/claude-code/register.ts';
import { hostOfPids, processFacts } from '../../src/hook/claude-process.ts';
import { systemFiles } from '../../src/lifecycle/outbox/files.ts';
import { eventually } from '../lifecycle/journals/support/eventually.ts';
import { temporaryFolder } from '../lifecycle/journals/support/temporary-folder.ts';
import { RecordingLog } from '../support/recording-log.ts';

describe('the register of Claude Code', () => {
  const root = temporaryFolder();
  const session = randomUUID();
  let log: RecordingLog;
  let register: Register;
  let child: ChildProcess;
  let pid: number;

  const open = (watchFolder?: WatchFolder) =>
    new Register({
      claudeFolder: root(),
      files: systemFiles,
      look: lookAtProcess,
      log,
      ...(watchFolder && { watchFolder }),
    });
  const folder = () => join(root(), 'sessions');
  const write = (name: string | number, text: string | object) =>
    writeFileSync(join(folder(), `${name}.json`), typeof text === 'string' ? text : JSON.stringify(text));
  /** As version 2.1.332 writes it, and more. */
  const entry = (changes: object = {}) => ({
    pid,
    sessionId: session,
    cwd: '/home/ada/shop',
    startedAt: Date.now(),
    version: '2.1.332',
    kind: 'interactive',
    name: 'shop-79',
    status: 'idle',
    updatedAt: Date.now(),
    statusUpdatedAt: 5,
    somethingNew: { of: 'a newer version' },
    ...changes,
  });

  beforeEach(async () => {
    log = new RecordingLog();
    register = open();
    mkdirSync(folder());
    child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
    await once(child, 'spawn');
    pid = child.pid ?? 0;
  });

  afterEach(() => {
    register.dispose();
    child.kill('SIGKILL');
  });

  it('says what each process that lives does, and since when', async () => {
    write(pid, entry({ status: 'waiting', waitingFor: 'permission prompt' }));
    await register.read();
    assert.deepEqual(register.entries, [{ pid, session, is: 'waiting', waitingFor: 'permission prompt', at: 5 }]);
  });

  it('tells at once what changes in it', async () => {
    let told = 0;
    register.onDidChange(() => {
      told += 1;
    });
    await register.read();
    assert.equal(told, 0);
    write(pid, entry({ status: 'busy' }));
    await eventually(
      () => register.entries[0]?.is === 'busy',
      () => 'it is not seen',
    );
    write(pid, entry({ status: 'idle', statusUpdatedAt: 6 }));
    await eventually(
      () => register.entries[0]?.is === 'idle',
      () => 'the change is not seen',
    );
    rmSync(join(folder(), `${pid}.json`));
    await eventually(
      () => register.entries.length === 0,
      () => 'the end is not seen',
    );
    assert.ok(told >= 3);
  });

  it('forgets one that was killed, and left its entry behind', async () => {
    write(pid, entry());
    await register.read();
    assert.equal(register.entries.length, 1);
    child.kill('SIGKILL');
    await once(child, 'exit');
    await register.read();
    assert.deepEqual(register.entries, []);
  });

  it('does not take another process with its pid for it, nor one of another container', async function () {
    if (process.platform !== 'linux') this.skip();
    const ticks = processFacts(pid)?.start.split('/').at(-1) ?? '';
    const space = hostOfPids().split('/').at(-1);
    const entries = async (changes: object) => {
      write(pid, entry(changes));
      await register.read();
      return register.entries.length;
    };
    assert.equal(await entries({ procStart: ticks, pidDomain: `linux:0:${space}` }), 1);
    assert.equal(await entries({ procStart: `${ticks}1`, pidDomain: `linux:0:${space}` }), 0);
    assert.equal(await entries({ procStart: ticks, pidDomain: 'linux:0:pid:[1]' }), 0);
    assert.equal(await entries({ procStart: 7, pidDomain: null }), 1, 'what is written in another way is nothing');
  });

  it('passes over what is half written, unknown or none of its own', async () => {
    const good = JSON.stringify(entry());
    write(pid, good);
    write(1, good.slice(0, 40));
    write(2, '');
    write(3, 'null');
    write(4, entry({ status: 'dreaming' }));
    write(5, entry({ status: undefined }));
    write(6, entry({ pid: -1 }));
    write('notes', good);
    mkdirSync(join(folder(), '7.json'));
    await register.read();
    assert.equal(register.entries.length, 1);
  });

  it('is nothing while there is none, and is watched once it is there', async () => {
    rmSync(folder(), { recursive: true });
    await register.read();
    assert.deepEqual(register.entries, []);
    mkdirSync(folder());
    await register.read();
    write(pid, entry());
    await eventually(
      () => register.entries.length === 1,
      () => 'it is not seen',
    );
    rmSync(folder(), { recursive: true });
    await eventually(
      () => register.entries.length === 0,
      () => 'it is still seen',
      () => register.read(),
    );
    mkdirSync(folder());
    await register.read();
    write(pid, entry());
    await eventually(
      () => register.entries.length === 1,
      () => 'the new one is not seen',
    );
  });

  it('is read when it is asked for where nothing tells of changes', async () => {
    register.dispose();
    register = open(() => {
      throw new Error('no space left to watch');
    });
    await register.read();
    write(pid, entry());
    await register.read();
    assert.equal(register.entries.length, 1);
  });

  it('says once in the log which version it met', async () => {
    write(pid, entry());
    await register.read();
    write(pid, entry({ status: 'busy' }));
    write(1, { version: '2.1.197' });
    write(2, { version: 'x\ninjected' });
    await register.read();
    assert.deepEqual(
      log.lines.filter((line) => line.includes('runs')),
      ['info: Claude Code 2.1.332 runs on this machine.', 'info: Claude Code 2.1.197 runs on this machine.'],
    );
  });

  it('tells nothing and watches nothing after it is disposed of', async () => {
    let watching = 0;
    register.dispose();
    register = open(() => {
      watching += 1;
      return { dispose: () => (watching -= 1) };
    });
    await register.read();
    assert.equal(watching, 1);
    register.dispose();
    assert.equal(watching, 0);
    write(pid, entry());
    await register.read();
    assert.deepEqual(register.entries, []);
    assert.equal(watching, 0);
  });
});
