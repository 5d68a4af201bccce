import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { HookRecord } from '../../src/claude-code/hook-record.ts';
import { hostOfPids, processFacts } from '../../src/hook/claude-process.ts';
import { temporaryFolder } from '../lifecycle/journals/support/temporary-folder.ts';
import { builtHook } from './support/built-hook.ts';

const SESSION = '6e2b1a2c-1111-4f6e-9d2e-6a5d0f5a8f11';

describe('the hook program', function () {
  this.timeout(120_000);
  const root = temporaryFolder();
  const built = builtHook();
  let script: string;

  beforeEach(() => {
    script = join(root(), 'hook.js');
    copyFileSync(built(), script);
  });

  const run = (input: string | Buffer, env: Readonly<Record<string, string>> = {}) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [script], {
      input,
      env: { ...process.env, ...env },
      encoding: 'utf8',
    });
    return { status, printed: stdout + stderr };
  };
  const runAside = (input: string) =>
    new Promise<number | null>((done) => {
      const child = spawn(process.execPath, [script], { stdio: ['pipe', 'ignore', 'ignore'] });
      child.on('exit', done);
      child.stdin.end(input);
    });
  const names = (session = SESSION) => {
    const folder = join(root(), 'sessions', session);
    return existsSync(folder) ? readdirSync(folder).toSorted() : [];
  };
  const records = (session = SESSION) =>
    names(session).map((name) =>
      HookRecord.parse(JSON.parse(readFileSync(join(root(), 'sessions', session, name), 'utf8'))),
    );
  const event = (fields: Readonly<Record<string, unknown>>) =>
    JSON.stringify({ session_id: SESSION, cwd: '/shop', hook_event_name: 'Stop', ...fields });
  const silent = { status: 0, printed: '' };

  it('is one small file that needs nothing but Node', () => {
    const code = readFileSync(script, 'utf8');
    const required = [...code.matchAll(/require\("([^"]+)"\)/g)].map(([, name]) => name ?? '');
    assert.ok(required.length > 0);
    assert.deepEqual(
      required.filter((name) => !name.startsWith('node:')),
      [],
    );
    assert.ok(statSync(script).size < 10_000);
  });

  it('records what happened, when, and to which process', () => {
    const before = Date.now();
    assert.deepEqual(run(event({ hook_event_name: 'SessionStart', source: 'startup' })), silent);
    const [record, ...others] = records();
    assert.ok(record);
    assert.deepEqual(others, []);
    const { at, process: seen, ...rest } = record;
    assert.ok(at >= before - 1 && at <= Date.now() + 1, `${at} is not between ${before} and now`);
    assert.deepEqual(rest, { v: 1, event: 'SessionStart', session: SESSION, cwd: '/shop', source: 'startup' });
    assert.equal(seen.host, hostOfPids());
    if (process.platform === 'linux') {
      // Started without a shell: its parent is this very process.
      assert.deepEqual([seen.pid, seen.start], [process.pid, processFacts(process.pid)?.start]);
    }
  });

  it('sees through the shells that it was run by', function () {
    if (process.platform !== 'linux') this.skip();
    const command = `sh -c 'bash -c "\\"${process.execPath}\\" \\"${script}\\"; true"; true'; true`;
    spawnSync(command, { shell: true, input: event({}) });
    assert.equal(records()[0]?.process.pid, process.pid);
  });

  it('keeps the beginning of what was asked, on one line, and of that event alone', () => {
    const prompt = `  Add a cart\n\tto the shop. ${'x'.repeat(5000)}`;
    run(event({ hook_event_name: 'UserPromptSubmit', prompt }));
    run(event({ hook_event_name: 'PreToolUse', prompt }));
    const prompts = records().map(({ prompt }) => prompt);
    assert.match(prompts[0] ?? '', /^Add a cart to the shop\. x+$/);
    assert.equal(prompts[0]?.length, 200);
    assert.equal(prompts[1], undefined);
  });

  it('keeps nothing of what was answered, read or run', () => {
    run(event({ prompt: 'hunter2', tool_input: { command: 'hunter2' }, tool_response: 'hunter2', x: 'hunter2' }));
    assert.equal(records().length, 1);
    assert.ok(!JSON.stringify(records()).includes('hunter2'));
  });

  it('takes camelCase for snake_case', () => {
    run(
      JSON.stringify({
        sessionId: SESSION,
        transcriptPath: '/t.jsonl',
        cwd: '/shop',
        hookEventName: 'Notification',
        notificationType: 'permission_prompt',
      }),
    );
    const [record] = records();
    assert.deepEqual(
      [record?.event, record?.notification_type, record?.transcript_path],
      ['Notification', 'permission_prompt', '/t.jsonl'],
    );
  });

  it('ends well and silently whatever it is given', () => {
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
    assert.ok(!existsSync(join(root(), 'sessions')));
    assert.ok(!existsSync(join(root(), '..', 'outside')));
  });

  it('ends well where it cannot write, or the socket is nobody’s', () => {
    writeFileSync(join(root(), 'sessions'), 'in the way');
    assert.deepEqual(run(event({})), silent);
  });

  it('is not held up by a window that is gone', () => {
    mkdirSync(join(root(), 'windows'));
    writeFileSync(join(root(), 'windows', '1.gone'), join(root(), 'no-such-socket'));
    assert.deepEqual(run(event({})), silent);
    assert.equal(records().length, 1);
  });

  it('tells the windows, also where another process clears away at the same time', async () => {
    const address = join(root(), 's');
    const told = Promise.withResolvers<string>();
    const server = createServer((socket) =>
      socket.setEncoding('utf8').once('data', (text: string) => told.resolve(text)),
    );
    await new Promise<void>((done) => server.listen(address, done));
    mkdirSync(join(root(), 'windows'));
    writeFileSync(join(root(), 'windows', '1.open'), address);
    mkdirSync(join(root(), 'sessions'));
    // In the list, and not there any more when it is looked at.
    symlinkSync(join(root(), 'nowhere'), join(root(), 'sessions', 'gone'));
    assert.equal(await runAside(event({ hook_event_name: 'SessionStart' })), 0);
    assert.equal(await told.promise, `${SESSION}\n`);
    server.close();
  });

  it('is not held up by a window that hangs', async () => {
    const address = join(root(), 's');
    const server = createServer(() => undefined);
    await new Promise<void>((done) => server.listen(address, done));
    mkdirSync(join(root(), 'windows'));
    writeFileSync(join(root(), 'windows', '1.hangs'), address);
    assert.equal(await runAside(event({})), 0);
    assert.equal(records().length, 1);
    server.close();
  });

  it('does not wait for a standard input that nobody closes', async () => {
    const child = spawn(process.execPath, [script], { stdio: ['pipe', 'ignore', 'ignore'] });
    const code = await new Promise<number | null>((done) => child.on('exit', done));
    assert.equal(code, 0);
    child.stdin.destroy();
  });

  it('takes the beginning of an event that is too big, and lets it be written to the end', () => {
    const big = event({ hook_event_name: 'PostToolUse', tool_response: 'x'.repeat(5_000_000), session_id: SESSION });
    assert.deepEqual(run(big), silent);
    assert.deepEqual(
      records().map(({ event, cwd }) => [event, cwd]),
      [['PostToolUse', '/shop']],
    );
  });

  it('keeps no more than it should of one session, and of all', () => {
    const folder = join(root(), 'sessions', SESSION);
    mkdirSync(folder, { recursive: true });
    for (let number = 0; number < 5000; number += 1) writeFileSync(join(folder, `${10_000 + number}-1.json`), '');
    run(event({}));
    assert.equal(names().length, 4500);
    assert.match(names().at(-1) ?? '', /^0\d{16}-\d+\.json$|^\d{5}-1\.json$/);
    for (let number = 0; number < 505; number += 1) mkdirSync(join(root(), 'sessions', `s${number}`));
    run(event({ hook_event_name: 'SessionStart' }));
    assert.equal(readdirSync(join(root(), 'sessions')).length, 501);
  });

  it('loses nothing of 1,000 calls from many processes, and keeps the order of each session', async function () {
    // A thousand processes take as long as the machine lets them.
    this.timeout(600_000);
    const sessions = Array.from({ length: 8 }, (_, number) => `session-${number}`);
    const each = 125;
    await Promise.all(
      sessions.map(async (session) => {
        for (let number = 0; number < each; number += 1) {
          assert.equal(await runAside(event({ session_id: session, message: String(number) })), 0);
        }
      }),
    );
    for (const session of sessions) {
      assert.deepEqual(
        records(session).map(({ message }) => Number(message)),
        Array.from({ length: each }, (_, number) => number),
      );
    }
  });

  it('takes hardly longer than a Node that does nothing', () => {
    const empty = join(root(), 'empty.js');
    writeFileSync(empty, '');
    const time = (file: string) => {
      const began = performance.now();
      spawnSync(process.execPath, [file], { input: event({}) });
      return performance.now() - began;
    };
    const times = { empty: [] as number[], hook: [] as number[] };
    for (let turn = 0; turn < 15; turn += 1) {
      times.empty.push(time(empty));
      times.hook.push(time(script));
    }
    // The best of each: what the machine does besides only ever adds to it.
    const [least, most] = [Math.min(...times.empty), Math.min(...times.hook)];
    assert.ok(most < least * 1.8 + 5, `${most} ms, and ${least} ms for nothing`);
    assert.ok(most < 500, `${most} ms`);
  });
});
