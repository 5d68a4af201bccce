import assert from 'node:assert/strict';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { WakeSocket } from '../../src/claude-code/wake-socket.ts';
import { temporaryFolder } from '../lifecycle/journals/support/temporary-folder.ts';
import { RecordingLog } from '../support/recording-log.ts';

describe('where the hook program knocks', () => {
  const root = temporaryFolder();
  const dead = 999_999;
  const self = { pid: process.pid, host: 'here', isAlive: (pid: number) => pid !== dead };
  const windows = () => join(root(), 'windows');
  const notes = () => readdirSync(windows());

  const open = async (onWake: (session: string) => void = () => undefined) => {
    const socket = new WakeSocket({ root: root(), id: 'id', self, log: new RecordingLog(), onWake });
    await socket.listen();
    return socket;
  };

  it('is for this user alone, and leaves nothing behind', async function () {
    if (process.platform === 'win32') this.skip();
    const socket = await open();
    const address = readFileSync(join(windows(), `${process.pid}.id`), 'utf8');
    assert.equal(statSync(address).mode & 0o777, 0o600);
    assert.equal(statSync(dirname(address)).mode & 0o777, 0o700);
    await socket.close();
    assert.deepEqual(notes(), []);
    assert.ok(!existsSync(dirname(address)));
  });

  it('takes names of sessions and nothing else', async () => {
    const heard: string[] = [];
    const all = Promise.withResolvers<void>();
    const socket = await open((session) => {
      heard.push(session);
      if (session === 'last') all.resolve();
    });
    const address = readFileSync(join(windows(), `${process.pid}.id`), 'utf8');
    const say = (text: string) =>
      new Promise<void>((done) => {
        const line = connect(address);
        line.on('error', () => undefined);
        line.on('close', () => done());
        line.end(text);
        line.resume();
      });
    for (const text of ['../outside', 'x'.repeat(10_000), '', 'last\n']) await say(text);
    await all.promise;
    assert.deepEqual(heard, ['last']);
    await socket.close();
  });

  it('clears away what windows left that died, and nothing that only looks like it', async function () {
    if (process.platform === 'win32') this.skip();
    const left = mkdtempSync(join(tmpdir(), 'claude-projects-'));
    writeFileSync(join(left, 'wake'), '');
    const foreign = join(root(), 'claude-projects-mine');
    mkdirSync(foreign);
    writeFileSync(join(foreign, 'wake'), 'mine');
    mkdirSync(windows());
    writeFileSync(join(windows(), `${dead}.a`), join(left, 'wake'));
    writeFileSync(join(windows(), `${dead}.b`), join(foreign, 'wake'));
    writeFileSync(join(windows(), `${process.pid}.c`), join(left, 'other'));
    const socket = await open();
    try {
      assert.deepEqual(notes().toSorted(), [`${process.pid}.c`, `${process.pid}.id`]);
      assert.ok(!existsSync(left));
      assert.ok(existsSync(join(foreign, 'wake')));
    } finally {
      await socket.close();
      rmSync(left, { recursive: true, force: true });
    }
  });
});
