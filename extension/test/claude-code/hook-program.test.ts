import assert from 'node:assert/strict';
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, existsSync, mkdirSync, readdirSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { HookRecord } from '../../src/claude-code/hook-record.ts';
import { Spool } from '../../src/claude-code/spool.ts';
import { hostOfPids } from '../../src/hook/claude-process.ts';
import { systemFiles } from '../../src/lifecycle/outbox/files.ts';
import { eventually } from '../lifecycle/journals/support/eventually.ts';
import { temporaryFolder } from '../lifecycle/journals/support/temporary-folder.ts';
import { builtHook } from './support/built-hook.ts';

const SESSION = '6e2b1a2c-1111-4f6e-9d2e-6a5d0f5a8f11';
const DAY_S = 24 * 3600;

const event = (fields: Readonly<Record<string, unknown>> = {}) =>
  JSON.stringify({ session_id: SESSION, cwd: '/shop', hook_event_name: 'Stop', ...fields });

/** The same of both programs: `runs` is what Claude Code would start, with the event as the last word. */
function describeProgram(name: string, words: (root: string) => readonly [string, ...string[]]) {
  describe(name, function () {
    this.timeout(120_000);
    const root = temporaryFolder();
    const built = builtHook();
    const inbox = () => join(root(), 'inbox');
    const names = () => readdirSync(inbox()).filter((name) => !name.startsWith('.'));

    beforeEach(() => {
      for (const program of ['hook.sh', 'hook.js']) copyFileSync(join(built(), program), join(root(), program));
      for (const folder of ['inbox', 'sessions']) mkdirSync(join(root(), folder));
    });

    const command = (event: string) => {
      const [file, ...args] = words(root());
      return { file, args: [...args, event] };
    };
    const run = (input: string | Buffer, event = 'Stop', env: Readonly<Record<string, string>> = {}) => {
      const { file, args } = command(event);
      const { status, stdout, stderr, error } = spawnSync(file, args, {
        input,
        env: { ...process.env, ...env },
        encoding: 'utf8',
      });
      // Also that the pipe was closed before everything was written.
      assert.equal(error, undefined);
      return { status, printed: stdout + stderr };
    };
    const silent = { status: 0, printed: '' };
    const records = async (session = SESSION): Promise<readonly HookRecord[]> => {
      const spool = new Spool(systemFiles, root());
      await spool.sort();
      return (await spool.records(session)).map(({ record }) => record);
    };

    it('records what happened and when, for this user alone', async () => {
      const before = Date.now();
      assert.deepEqual(run(event({ hook_event_name: 'SessionStart', source: 'startup' }), 'SessionStart'), silent);
      assert.deepEqual(
        names().map((name) => statSync(join(inbox(), name)).mode & 0o777),
        [process.platform === 'win32' ? 0o666 : 0o600],
      );
      const [record, ...others] = await records();
      assert.ok(record);
      assert.deepEqual(others, []);
      const { at, process: seen, ...rest } = record;
      // The clock of a disk may be coarse.
      assert.ok(at >= before - 20 && at <= Date.now() + 1, `${at} is not between ${before} and now`);
      assert.deepEqual(rest, { event: 'SessionStart', session: SESSION, cwd: '/shop', source: 'startup' });
      assert.ok(hostOfPids().startsWith(seen.host));
    });

    it('records which session goes on in a terminal that was opened to recover it', async () => {
      run(event(), 'Stop', { CLAUDE_PROJECTS_SESSION: `${SESSION}\nno line of its own` });
      assert.equal((await records())[0]?.continues, SESSION);
    });

    it('ends with 0 and prints nothing whatever it is given, and none of it becomes a record', async () => {
      const broken = [
        '',
        '{',
        'null',
        '7',
        '[]',
        '"text"',
        '{}',
        '\u0000\u0001',
        event({ session_id: '../../outside' }),
        event({ session_id: '' }),
        event({ session_id: 7.5 }),
        event({ session_id: 'x'.repeat(500) }),
        event({ hook_event_name: undefined }),
      ];
      for (const input of broken) assert.deepEqual(run(input), silent, input);
      assert.deepEqual(run(Buffer.from([0xff, 0xfe, 0x00, 0xd8])), silent);
      assert.equal(names().length, broken.length + 1);
      assert.deepEqual(await records(), []);
      assert.deepEqual(readdirSync(inbox()), []);
      assert.deepEqual(readdirSync(join(root(), 'sessions')), []);
      assert.ok(!existsSync(join(root(), '..', 'outside')));
    });

    it('keeps the beginning of an event that is too big, and lets it be written to the end', async () => {
      const big = 'x'.repeat(5_000_000);
      const tool_input = { command: 'ls', description: '{' };
      run(
        event({ hook_event_name: 'PostToolUse', tool_name: 'Bash', tool_input, tool_response: { big } }),
        'PostToolUse',
      );
      run(event({ last_assistant_message: big }));
      const sizes = names().map((name) => Math.floor(statSync(join(inbox(), name)).size / 16_384));
      assert.deepEqual(new Set(sizes), new Set([1, 4]));
      const [tool, stop] = await records();
      assert.deepEqual([tool?.event, tool?.tool_name, tool?.tool_input], ['PostToolUse', 'Bash', tool_input]);
      assert.equal(tool?.tool_response, undefined);
      assert.match(stop?.last_assistant_message ?? '', /^x{1000,}$/);
    });

    it('ends with 0 and prints nothing where it cannot write', () => {
      writeFileSync(join(root(), 'in-the-way'), '');
      for (const folder of ['inbox', 'sessions']) {
        execFileSync('rm', ['-rf', join(root(), folder)]);
        copyFileSync(join(root(), 'in-the-way'), join(root(), folder));
      }
      assert.deepEqual(run(event()), silent);
      assert.deepEqual(run(event(), 'SessionStart'), silent);
    });

    it('records nothing on a full disk, lets the payload be written, and works again afterwards', async function () {
      const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', inbox()]).status === 0;
      // Only root may mount a disk of such a size.
      if (!mounted) this.skip();
      try {
        writeFileSync(join(inbox(), '.ballast'), 'x'.repeat(60_000));
        assert.deepEqual(run(event({ last_assistant_message: 'x'.repeat(5_000_000) })), silent);
        assert.deepEqual(names(), []);
        execFileSync('rm', [join(inbox(), '.ballast')]);
        execFileSync('find', [inbox(), '-type', 'f', '-delete']);
        assert.deepEqual(run(event()), silent);
        assert.equal(names().length, 1);
      } finally {
        execFileSync('umount', [inbox()]);
      }
    });

    it('loses nothing of 50 at once, and each is counted once by two windows', async () => {
      const messages = Array.from({ length: 50 }, (_, number) => `message ${number}`);
      await Promise.all(
        messages.map(async (message) => {
          const { file, args } = command('Notification');
          const child = spawn(file, args, { stdio: ['pipe', 'ignore', 'ignore'] });
          child.stdin.end(event({ hook_event_name: 'Notification', message }));
          assert.deepEqual(await once(child, 'exit'), [0, null]);
        }),
      );
      const windows = [new Spool(systemFiles, root()), new Spool(systemFiles, root())];
      await Promise.all(windows.map((spool) => spool.sort()));
      const found = (await records()).map(({ message }) => message);
      assert.deepEqual(new Set(found), new Set(messages));
      assert.equal(found.length, 50);
      assert.equal(readdirSync(join(root(), 'sessions', SESSION)).length, 50);
    });

    it('keeps the order of those that run one after the other', async () => {
      const messages = Array.from({ length: 40 }, (_, number) => `message ${number}`);
      for (const message of messages) run(event({ message }));
      assert.deepEqual(
        (await records()).map(({ message }) => message),
        messages,
      );
    });

    it('clears away at the start of a session what no window took', () => {
      const old = (path: string, days: number) => {
        const time = Date.now() / 1000 - days * DAY_S;
        utimesSync(path, time, time);
      };
      const put = (path: string, days: number) => {
        writeFileSync(join(root(), path), '');
        old(join(root(), path), days);
      };
      for (const session of ['kept', 'gone']) mkdirSync(join(root(), 'sessions', session));
      for (const path of ['inbox/1-old', 'inbox/.2-draft', 'sessions/kept/0123-old']) put(path, 9);
      for (const path of ['inbox/3-new', 'inbox/.4-draft', 'sessions/kept/0123-new']) put(path, 5);
      put('sessions/kept/state.json', 9);
      old(join(root(), 'sessions', 'gone'), 31);
      old(join(root(), 'sessions', 'kept'), 9);
      run(event());
      assert.equal(readdirSync(inbox()).length, 5, 'at no other event');
      run(event(), 'SessionStart');
      assert.equal(readdirSync(inbox()).length, 4);
      assert.deepEqual(
        readdirSync(inbox()).filter((name) => name.endsWith('old') || name.endsWith('draft')),
        ['.4-draft'],
      );
      assert.deepEqual(readdirSync(join(root(), 'sessions')), ['kept']);
      assert.deepEqual(readdirSync(join(root(), 'sessions', 'kept')).toSorted(), ['0123-new', 'state.json']);
    });

    it('keeps no more than so many', () => {
      for (let number = 0; number < 5010; number += 1) writeFileSync(join(inbox(), `${number}-1`), '');
      for (let number = 0; number < 505; number += 1) mkdirSync(join(root(), 'sessions', `s${number}`));
      run(event(), 'SessionStart');
      assert.equal(readdirSync(inbox()).length, 5000);
      assert.equal(readdirSync(join(root(), 'sessions')).length, 500);
    });
  });
}

describeProgram('the hook program for Windows', (root) => [process.execPath, join(root, 'hook.js')]);
if (process.platform !== 'win32') {
  describeProgram('the hook program', (root) => ['sh', join(root, 'hook.sh'), '4711']);

  describe('the hook program, as a process among others', () => {
    const root = temporaryFolder();
    const built = builtHook();

    const inbox = () => join(root(), 'inbox');
    let script: string;

    beforeEach(() => {
      mkdirSync(inbox());
      script = join(root(), 'hook.sh');
      copyFileSync(join(built(), 'hook.sh'), script);
    });

    it('is recorded with the host that its pid belongs to', async () => {
      spawnSync('sh', ['-c', `sh '${script}' "$PPID" Stop`], { input: event() });
      const spool = new Spool(systemFiles, root());
      assert.deepEqual(await spool.sort(), [SESSION]);
      const [found] = await spool.records(SESSION);
      assert.deepEqual(found?.record.process, { pid: process.pid, host: hostOfPids() });
    });

    it('leaves no half of a record when it is killed in the middle', async () => {
      const child = spawn('sh', [script, '4711', 'Stop'], { stdio: ['pipe', 'ignore', 'ignore'] });
      child.stdin.write(event().slice(0, 30));
      await eventually(
        () => readdirSync(inbox()).length === 1,
        () => 'it has begun',
      );
      child.kill('SIGKILL');
      await once(child, 'exit');
      child.stdin.end();
      assert.deepEqual(await new Spool(systemFiles, root()).sort(), []);
      const [left = '', ...others] = readdirSync(inbox());
      assert.match(left, /^\.\d/, 'a draft, which is cleared away later');
      assert.deepEqual(others, []);
    });
  });
}
