import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { HookRecord } from '../../src/claude-code/hook-record.ts';
import { hookPlace } from '../../src/claude-code/installed-hook.ts';
import { eventually } from '../lifecycle/journals/support/eventually.ts';
import { temporaryFolder } from '../lifecycle/journals/support/temporary-folder.ts';
import { HOUR, MINUTE, SECOND } from '../support/fake-clock.ts';
import { builtHook } from './support/built-hook.ts';
import { begins } from './support/claude.ts';
import { Stage } from './support/stage.ts';
import { writeRecord } from './support/write-record.ts';

describe('what Claude Code reports late, twice, or from two processes', function () {
  this.timeout(60_000);
  const root = temporaryFolder();
  const hook = builtHook();
  let stage: Stage;
  let records: string;

  beforeEach(async () => {
    stage = await Stage.set(root(), hook());
    records = hookPlace({ storage: stage.storage, platform: process.platform }).root;
  });

  afterEach(() => stage.clear());

  const session = 'one';
  const write = (event: string, at: number, fields: Partial<HookRecord> = {}) =>
    writeRecord(records, { at, event, session, cwd: stage.folder, process: { host: 'elsewhere' }, ...fields });
  const isoOf = (at: number) => new Date(at).toISOString();

  it('is dated when its hook ran, not when somebody read of it', async () => {
    await stage.close(await stage.openConnected());
    const began = stage.clock.now() - 2 * HOUR;
    write('SessionStart', began, { source: 'startup' });
    write('TaskCreated', began + MINUTE, { task_id: '1', task_subject: 'Add the cart' });
    write('PostToolUse', began + MINUTE, begins('1'));
    write('TaskCompleted', began + 2 * MINUTE, { task_id: '1', task_subject: 'Add the cart' });
    write('TaskCreated', began + 3 * MINUTE, { task_id: '2', task_subject: 'Test the cart' });
    write('PostToolUse', began + 3 * MINUTE, begins('2'));
    write('SessionEnd', began + 4 * MINUTE, { reason: 'prompt_input_exit' });
    stage.open();
    await stage.untilHeld(['completed']);
    const [held] = await stage.sessions();
    assert.ok(held);
    assert.deepEqual([held.started_at, held.completed_at], [isoOf(began), isoOf(began + 4 * MINUTE)]);
    const tasks = await stage.tasksOf(held);
    assert.deepEqual(
      tasks.map(({ task_name, status, started_at, completed_at }) => [task_name, status, started_at, completed_at]),
      [
        ['Add the cart', 'completed', isoOf(began + MINUTE), isoOf(began + 2 * MINUTE)],
        ['Test the cart', 'blocked', isoOf(began + 3 * MINUTE), null],
      ],
    );
  });

  it('is taken in though something lies beside it that cannot be read', async () => {
    mkdirSync(join(records, 'inbox', '1-another-users'), { recursive: true });
    await stage.openConnected();
    const claude = await stage.startClaude();
    await claude.tell('SessionStart', { source: 'startup' });
    await stage.untilHeld(['active idle']);
  });

  it('is left to the newer version that remembers the session', async () => {
    await stage.close(await stage.openConnected());
    write('SessionStart', stage.clock.now(), { source: 'startup' });
    const folder = join(records, 'sessions', session);
    writeFileSync(join(folder, 'state.json'), JSON.stringify({ v: 2, sessions: ['one'] }));
    const before = readdirSync(folder);
    const window = stage.open();
    await window.claudeCode.idle();
    await stage.passTime();
    await window.claudeCode.idle();
    assert.equal(readFileSync(join(folder, 'state.json'), 'utf8'), JSON.stringify({ v: 2, sessions: ['one'] }));
    assert.deepEqual(readdirSync(folder), before);
    assert.deepEqual(await stage.held(), []);
  });

  it('is dated now where its clock was ahead', async () => {
    await stage.openConnected();
    const now = stage.clock.now();
    write('SessionStart', now + HOUR, { source: 'startup' });
    await stage.untilHeld(['active idle']);
    const [held] = await stage.sessions();
    const started = Date.parse(held?.started_at ?? '');
    assert.ok(started >= now && started <= stage.clock.now(), `${held?.started_at}`);
  });

  it('does not count twice where the window died before it noted that it had told of it', async () => {
    const before = await stage.openConnected();
    write('SessionStart', stage.clock.now(), { source: 'startup' });
    await stage.untilHeld(['active idle']);
    await stage.close(before);
    const ours = join(records, 'sessions', session);
    const state = readFileSync(join(ours, 'state.json'));
    write('TaskCreated', stage.clock.now() + 1, { task_id: '1', task_subject: 'Add the cart' });
    write('PostToolUse', stage.clock.now() + 1.5, begins('1'));
    write('TaskCompleted', stage.clock.now() + 2, { task_id: '1', task_subject: 'Add the cart' });
    write('UserPromptSubmit', stage.clock.now() + 3);
    const names = readdirSync(ours).filter((name) => /^\d/.test(name));
    const copies = names.map((name) => [join(ours, name), readFileSync(join(ours, name))] as const);
    assert.equal(copies.length, 4);
    const died = stage.open();
    await stage.untilHeld(['active working']);
    await stage.untilTasks(['Add the cart: completed']);
    await stage.close(died);
    for (const [path, bytes] of copies) writeFileSync(path, bytes);
    writeFileSync(join(ours, 'state.json'), state);
    const window = stage.open();
    await eventually(
      () => readdirSync(ours).every((name) => !/^\d/.test(name)),
      () => `it is not taken in\n${stage.logs}`,
      () => stage.passTime(),
    );
    await stage.untilHeld(['active working']);
    assert.deepEqual(
      window.lifecycle.trackers.flatMap(({ tasks }) => tasks).map(({ name, status }) => [name, status]),
      [['Add the cart', 'completed']],
    );
    await stage.untilTasks(['Add the cart: completed']);
  });

  it('is one task where its end is told twice', async () => {
    await stage.openConnected();
    const now = stage.clock.now();
    write('SessionStart', now, { source: 'startup' });
    write('TaskCreated', now + 1, { task_id: '1', task_subject: 'Add the cart' });
    write('PostToolUse', now + 1.5, begins('1'));
    write('TaskCompleted', now + 2, { task_id: '1', task_subject: 'Add the cart' });
    write('TaskCompleted', now + 3, { task_id: '1', task_subject: 'Add the cart' });
    write('Notification', now + 4, { notification_type: 'permission_prompt' });
    await stage.untilHeld(['active waiting_for_input']);
    await stage.untilTasks(['Add the cart: completed']);
  });

  it('is what it does now, though a hook that began before was slower', async () => {
    const window = await stage.openConnected();
    const now = stage.clock.now();
    write('UserPromptSubmit', now);
    write('Stop', now + 2 * SECOND);
    await stage.untilHeld(['active idle']);
    write('PostToolUse', now + SECOND);
    write('TaskCreated', now + SECOND + 1, { task_id: '1', task_subject: 'Add the cart' });
    write('PostToolUse', now + SECOND + 1.5, begins('1'));
    await stage.untilTasks(['Add the cart: in_progress']);
    // It was taken in before the task was.
    assert.deepEqual(
      window.lifecycle.trackers.map(({ activity }) => activity),
      ['idle'],
    );
    // A clock that is put back is no such hook.
    write('UserPromptSubmit', now - HOUR);
    await stage.untilHeld(['active working']);
  });

  it('is no end where one of two processes with the same conversation ends, and is one where both are gone', async () => {
    await stage.openConnected();
    const first = await stage.startClaude();
    await first.tell('SessionStart', { source: 'startup' });
    await stage.untilHeld(['active idle']);
    const second = await stage.startClaude({ args: ['--resume', first.session] });
    await second.tell('UserPromptSubmit');
    await stage.untilHeld(['active working']);
    await first.tell('SessionEnd', { reason: 'other' });
    await first.exit();
    await second.tell('Notification', { notification_type: 'permission_prompt', message: 'May I?' });
    await stage.untilHeld(['active waiting_for_input']);
    await second.tell('SessionEnd', { reason: 'prompt_input_exit' });
    await second.exit();
    await stage.untilHeld(['completed']);
  });

  it('is for the window of the folder in which a conversation is resumed', async () => {
    const elsewhere = join(root(), 'elsewhere');
    mkdirSync(elsewhere);
    await stage.close(await stage.openConnected());
    const now = stage.clock.now();
    write('SessionStart', now, { source: 'startup' });
    write('SessionEnd', now + 1, { reason: 'other' });
    const there = stage.open();
    await stage.untilHeld(['completed']);
    await stage.close(there);
    write('SessionStart', now + 2, { source: 'resume', cwd: elsewhere });
    stage.open({ folder: elsewhere });
    await stage.untilHeld(['completed', 'active idle']);
    assert.equal((await stage.sessions())[1]?.metadata['cwd'], elsewhere);
  });
});
