import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDerivedSlot } from '@claude-projects/shared/contract';
import { hookPlace } from '../../src/claude-code/installed-hook.ts';
import { Spool } from '../../src/claude-code/spool.ts';
import { systemFiles } from '../../src/lifecycle/outbox/files.ts';
import { eventually } from '../lifecycle/journals/support/eventually.ts';
import type { FlakyLine } from '../lifecycle/journals/support/flaky-line.ts';
import { temporaryFolder } from '../lifecycle/journals/support/temporary-folder.ts';
import { type FakeClock, MINUTE, SECOND } from '../support/fake-clock.ts';
import { addWorktree, makeRepository } from '../workspace/support/git-repository.ts';
import { builtHook } from './support/built-hook.ts';
import type { OpenWindow } from './support/open-window.ts';
import { Stage } from './support/stage.ts';
import { writeRecord } from './support/write-record.ts';

describe('sessions of Claude Code and the real API', function () {
  this.timeout(60_000);
  const root = temporaryFolder();
  const hook = builtHook();
  let stage: Stage;
  let clock: FakeClock;
  let line: FlakyLine;
  let folder: string;

  beforeEach(async () => {
    stage = await Stage.set(root(), hook());
    ({ clock, line, folder } = stage);
  });

  afterEach(() => stage.clear());

  const passTime = () => stage.passTime();

  it('follows one from its start through its tasks to its end', async () => {
    const window = await stage.openConnected();
    const claude = await stage.startClaude();
    await claude.tell('SessionStart', { source: 'startup' });
    await stage.untilHeld(['active idle']);
    await claude.tell('UserPromptSubmit', { prompt: 'Add a cart. My password is hunter2.' });
    await stage.untilHeld(['active working']);
    assert.equal(window.lifecycle.trackers[0]?.title, 'Add a cart. My password is hunter2.', 'this window shows it');
    await claude.beginTask('1', 'Add the cart');
    await claude.beginTask('2', 'Test the cart');
    await stage.untilTasks(['Add the cart: in_progress', 'Test the cart: in_progress']);
    await claude.tell('SubagentStart', { agent_id: 'a', agent_type: 'Explore' });
    await claude.tell('SubagentStop', { agent_id: 'a', agent_type: 'Explore' });
    await claude.tell('TaskCompleted', { task_id: '1', task_subject: 'Add the cart' });
    await stage.untilTasks(['Add the cart: completed', 'Test the cart: in_progress']);
    await claude.tell('Stop');
    await stage.untilHeld(['active idle']);
    await claude.tell('SessionEnd', { reason: 'prompt_input_exit' });
    await claude.exit();
    await stage.untilHeld(['completed']);
    await stage.untilTasks(['Add the cart: completed', 'Test the cart: blocked']);
    const [session] = await stage.sessions();
    const { checkout, ...metadata } = session?.metadata ?? {};
    assert.equal(typeof checkout, 'string');
    assert.deepEqual(metadata, {
      source: 'claude-code',
      claude_session_id: claude.session,
      cwd: folder,
      transcript: `${claude.session}.jsonl`,
      started_by: 'startup',
    });
    assert.ok(!line.passedOn.some((sent) => JSON.stringify(sent).includes('hunter2')));
  });

  it('names one by its first prompt, where the API is on this machine; also after a reload of the window', async () => {
    const before = stage.open({ mode: 'local' });
    await before.connect();
    const claude = await stage.startClaude();
    const titles = async () => (await stage.sessions()).map(({ metadata }) => metadata['title']);
    await claude.tell('SessionStart', { source: 'startup' });
    await claude.tell('UserPromptSubmit', { prompt: '/model opus' });
    await claude.tell('UserPromptSubmit', { prompt: `  Add a cart\n\nto the shop. ${'x'.repeat(5000)}` });
    await eventually(
      async () => (await titles()).some((title) => title !== undefined),
      () => stage.logs,
      passTime,
    );
    const [title] = await titles();
    assert.ok(typeof title === 'string');
    assert.match(title, /^Add a cart to the shop\. x+$/);
    assert.equal(title.length, 200);
    await claude.tell('UserPromptSubmit', { prompt: 'Now test it' });
    await claude.tell('Stop');
    await stage.untilHeld(['active idle']);
    assert.deepEqual(await titles(), [title], 'the first prompt stays');
    await stage.close(before);
    const after = stage.open({ mode: 'local' });
    await eventually(
      () => after.lifecycle.trackers[0]?.title === title,
      () => stage.logs,
      passTime,
    );
  });

  it('takes agents for tasks where there are no others, and fields in camelCase', async () => {
    await stage.openConnected();
    const claude = await stage.startClaude({ env: { FAKE_CLAUDE_CASE: 'camel' } });
    await claude.tell('SessionStart', { source: 'startup' });
    await claude.tell('SubagentStart', { agent_id: 'a', agent_type: 'Explore' });
    await claude.tell('SubagentStart', { agent_id: 'b', agent_type: 'Plan' });
    await claude.tell('SubagentStop', { agent_id: 'a', agent_type: 'Explore' });
    await stage.untilTasks(['Explore: completed', 'Plan: in_progress']);
  });

  it('hears of an interrupt, after which there is no Stop, when it waits for the next question', async () => {
    await stage.openConnected();
    const claude = await stage.startClaude();
    await claude.tell('SessionStart', { source: 'startup' });
    await claude.tell('UserPromptSubmit');
    await stage.untilHeld(['active working']);
    await claude.tell('Notification', {
      notification_type: 'idle_prompt',
      message: 'Claude is waiting for your input',
    });
    await stage.untilHeld(['active idle']);
  });

  it('takes one whose process is gone for failed, but not while it lives', async () => {
    await stage.openConnected();
    const claude = await stage.startClaude();
    await claude.tell('SessionStart', { source: 'startup' });
    await claude.tell('UserPromptSubmit');
    await claude.beginTask('1', 'Add the cart');
    await stage.untilTasks(['Add the cart: in_progress']);
    for (let turn = 0; turn < 30; turn += 1) await clock.advance(5 * SECOND);
    await stage.untilHeld(['active working']);
    await claude.crash();
    await stage.untilHeld(['failed: Interrupted while it worked.'], passTime);
  });

  it('never overrules an end that was reported, though the process is gone', async () => {
    await stage.openConnected();
    const claude = await stage.startClaude();
    await claude.tell('SessionStart', { source: 'startup' });
    await claude.tell('SessionEnd', { reason: 'other' });
    await claude.crash();
    await stage.untilHeld(['completed'], passTime);
    for (let turn = 0; turn < 10; turn += 1) await clock.advance(5 * SECOND);
    assert.deepEqual(await stage.held(), ['completed']);
  });

  it('sits at its prompt with what the model failed with, and goes on when the user does', async () => {
    await stage.openConnected();
    const claude = await stage.startClaude();
    await claude.tell('SessionStart', { source: 'startup' });
    await claude.tell('UserPromptSubmit');
    await stage.untilHeld(['active working']);
    await claude.tell('StopFailure', { error: 'rate_limit', last_assistant_message: 'API Error: Too many requests' });
    const detail = async () => (await stage.sessions())[0]?.activity_detail;
    await eventually(
      async () => (await detail()) === 'Rate limited: Too many requests',
      () => stage.logs,
      passTime,
    );
    await stage.untilHeld(['active idle']);
    await passTime();
    await claude.tell('UserPromptSubmit');
    await stage.untilHeld(['active working']);
  });

  it('waits for an answer for three hours, alive all the while', async () => {
    await stage.openConnected();
    const claude = await stage.startClaude();
    await claude.tell('SessionStart', { source: 'startup' });
    await claude.tell('UserPromptSubmit');
    const message = 'Claude needs your permission to use Bash';
    await claude.tell('Notification', { notification_type: 'permission_prompt', message });
    await stage.untilHeld(['active waiting_for_input']);
    const beats = () => line.passedOn.filter(({ line }) => /\/sessions\/[^/]+\/heartbeat/.test(line)).length;
    for (let minute = 0; minute < 180; minute += 1) {
      const before = beats();
      await clock.advance(MINUTE);
      await eventually(
        () => beats() > before,
        () => `no heartbeat in minute ${minute}\n${stage.logs}`,
        passTime,
      );
    }
    const [session] = await stage.sessions();
    assert.deepEqual(
      [session?.status, session?.activity, session?.activity_detail, session?.health],
      ['active', 'waiting_for_input', message, 'waiting'],
    );
    await claude.tell('PostToolUse', { tool_name: 'Bash' });
    await stage.untilHeld(['active working'], passTime);
  });

  it('tracks one that is resumed as another, and its late end does not end that', async () => {
    await stage.openConnected();
    const first = await stage.startClaude();
    await first.tell('SessionStart', { source: 'startup' });
    await first.tell('SessionEnd', { reason: 'other' });
    await first.exit();
    await stage.untilHeld(['completed']);
    await passTime();
    const second = await stage.startClaude({ args: ['--resume', first.session] });
    assert.equal(second.session, first.session);
    await stage.untilHeld(['completed', 'active idle']);
    assert.deepEqual(
      (await stage.sessions()).map(({ metadata }) => metadata['claude_session_id']),
      [first.session, first.session],
    );
  });

  it('goes on in the place of the one before when the conversation is cleared', async () => {
    await stage.openConnected();
    const before = await stage.startClaude();
    const after = await stage.startClaude();
    await before.tell('SessionStart', { source: 'startup' });
    await stage.untilHeld(['active idle']);
    await passTime();
    await before.tell('SessionEnd', { reason: 'clear' });
    await after.tell('SessionStart', { source: 'clear' });
    await stage.untilHeld(['completed', 'active idle'], passTime);
    assert.deepEqual(
      (await stage.sessions()).map(({ docker_slot }) => docker_slot),
      [null, null],
    );
  });

  it('tracks two at once, each in a place of its own', async () => {
    await stage.openConnected();
    const first = await stage.startClaude();
    const second = await stage.startClaude();
    await first.tell('SessionStart', { source: 'startup' });
    await stage.untilHeld(['active idle']);
    await passTime();
    await second.tell('SessionStart', { source: 'startup' });
    await second.tell('UserPromptSubmit');
    await stage.untilHeld(['active idle', 'active working']);
    const [one, two] = await stage.sessions();
    assert.equal(one?.docker_slot, null);
    assert.ok(isDerivedSlot(two?.docker_slot));
    assert.equal(two?.project_id, 'acme/shop');
    await second.tell('SessionEnd', { reason: 'prompt_input_exit' });
    await second.exit();
    await stage.untilHeld(['active idle', 'completed'], passTime);
  });

  it('is filed under the worktree or the folder of the window that it works in', async () => {
    const [worktree, further] = [join(folder, '.claude', 'worktrees', 'cart'), join(root(), 'web')];
    makeRepository(folder);
    addWorktree(folder, worktree, 'cart');
    makeRepository(further);
    const window = stage.open({ furtherFolders: [further] });
    await window.connect('user');
    const env = { CLAUDE_CONFIG_DIR: join(root(), 'home') };
    const held: string[] = [];
    for (const cwd of [worktree, further, folder, worktree]) {
      const claude = await stage.startClaude({ cwd, env });
      await claude.tell('SessionStart', { source: 'startup' });
      held.push('active idle');
      await stage.untilHeld(held, passTime);
      await passTime();
    }
    const sessions = await stage.sessions();
    assert.deepEqual(
      sessions.map(({ metadata }) => [metadata['branch'], metadata['worktree']]),
      [
        ['cart', 'cart'],
        ['main', 'web'],
        ['main', undefined],
        ['cart', 'cart'],
      ],
    );
    const slots = sessions.map(({ docker_slot }) => docker_slot);
    assert.equal(slots[2], null, 'the base is for the main checkout, whoever comes first');
    assert.ok(slots.every((slot, index) => index === 2 || isDerivedSlot(slot)));
    assert.equal(new Set(slots).size, 4);
  });

  it('is followed by one of two windows, and by the other when that is closed', async () => {
    const first = await stage.openConnected();
    const second = stage.open();
    await second.claudeCode.idle();
    const claude = await stage.startClaude();
    await claude.tell('SessionStart', { source: 'startup' });
    await claude.tell('UserPromptSubmit');
    await stage.untilHeld(['active working']);
    const follows = (window: OpenWindow) => window.lifecycle.trackers.length;
    assert.equal(follows(first) + follows(second), 1);
    const [follower, other] = follows(first) === 1 ? [first, second] : [second, first];
    await stage.close(follower);
    await claude.beginTask('1', 'Add the cart');
    await claude.tell('Stop');
    await eventually(
      () => follows(other) === 1,
      () => `the other does not follow it\n${stage.logs}`,
      passTime,
    );
    await stage.untilHeld(['active idle'], passTime);
    await stage.untilTasks(['Add the cart: in_progress']);
  });

  it('goes on after a reload of the window, with the tasks it had', async () => {
    const before = await stage.openConnected();
    const claude = await stage.startClaude();
    await claude.tell('SessionStart', { source: 'startup' });
    await claude.beginTask('1', 'Add the cart');
    await stage.untilTasks(['Add the cart: in_progress']);
    await stage.close(before);
    await claude.tell('TaskCompleted', { task_id: '1', task_subject: 'Add the cart' });
    await claude.tell('Notification', { notification_type: 'permission_prompt', message: 'May I?' });
    stage.open();
    await stage.untilHeld(['active waiting_for_input']);
    await stage.untilTasks(['Add the cart: completed']);
  });

  it('keeps what happens while the API is away, and tells it then', async () => {
    const window = await stage.openConnected();
    line.isCut = true;
    const claude = await stage.startClaude();
    await claude.tell('SessionStart', { source: 'startup' });
    await claude.beginTask('1', 'Add the cart');
    await claude.tell('TaskCompleted', { task_id: '1', task_subject: 'Add the cart' });
    await claude.tell('SessionEnd', { reason: 'prompt_input_exit' });
    await claude.exit();
    await eventually(
      () => window.lifecycle.trackers.some(({ state }) => state.kind === 'ending'),
      () => `its end is not recorded\n${stage.logs}`,
      passTime,
    );
    assert.deepEqual(await stage.held(), []);
    line.isCut = false;
    await stage.untilHeld(['completed'], passTime);
    await stage.untilTasks(['Add the cart: completed']);
  });

  it('waits in the spool while no window is open', async () => {
    await stage.close(await stage.openConnected());
    const claude = await stage.startClaude();
    await claude.tell('SessionStart', { source: 'startup' });
    await claude.beginTask('1', 'Add the cart');
    await claude.tell('TaskCompleted', { task_id: '1', task_subject: 'Add the cart' });
    await claude.tell('UserPromptSubmit');
    assert.deepEqual(await stage.held(), []);
    stage.open();
    await stage.untilHeld(['active working']);
    await stage.untilTasks(['Add the cart: completed']);
  });

  it('takes in 1,000 reports that come all at once, in their order', async () => {
    const window = await stage.openConnected();
    const session = randomUUID();
    const rootOfHooks = hookPlace({ storage: stage.storage, platform: process.platform }).root;
    const expected: string[] = [];
    for (let number = 1; number <= 500; number += 1) {
      const fields = { task_id: String(number), task_subject: `Task ${number}` };
      const common = { session, cwd: folder, process: { host: 'elsewhere' }, ...fields } as const;
      writeRecord(rootOfHooks, { ...common, event: 'TaskCreated', at: 1_000_000 + 2 * number });
      writeRecord(rootOfHooks, { ...common, event: 'TaskCompleted', at: 1_000_001 + 2 * number });
      expected.push(`Task ${number}: completed`);
    }
    await clock.advance(5 * SECOND);
    const tasks = () => window.lifecycle.trackers.flatMap((tracker) => tracker.tasks);
    await eventually(
      () => tasks().length === 500 && tasks().every(({ status }) => status === 'completed'),
      () => `${tasks().length} tasks\n${stage.logs}`,
    );
    assert.deepEqual(
      tasks().map(({ name, status }) => `${name}: ${status}`),
      expected,
    );
    assert.equal(window.lifecycle.trackers.length, 1);
  });

  it('takes in nothing twice where the window died over it', async () => {
    await stage.close(await stage.openConnected());
    const claude = await stage.startClaude();
    const spool = new Spool(systemFiles, hookPlace({ storage: stage.storage, platform: process.platform }).root);
    const ours = spool.folderOf(claude.session);
    await claude.tell('SessionStart', { source: 'startup' });
    await claude.beginTask('1', 'Add the cart');
    await spool.sort();
    const copies = readdirSync(ours).map((name) => [join(ours, name), readFileSync(join(ours, name))] as const);
    const window = stage.open();
    await stage.untilTasks(['Add the cart: in_progress']);
    await stage.close(window);
    // It had told all this, and had not come to clearing it away.
    for (const [path, bytes] of copies) writeFileSync(path, bytes);
    await claude.beginTask('2', 'Test the cart');
    stage.open();
    await stage.untilTasks(['Add the cart: in_progress', 'Test the cart: in_progress']);
    assert.equal((await stage.sessions()).length, 1);
    await eventually(
      () => readdirSync(ours).every((name) => !/^\d/.test(name)),
      () => 'records are left',
    );
  });

  it('is followed by a window that was open when another one connected all of them, once somebody turns to it', async () => {
    const second = stage.open({ state: new Map() });
    const first = stage.open();
    second.focused.fire();
    await second.claudeCode.idle();
    await first.connect('user');
    await stage.close(first);
    second.focused.fire();
    await second.claudeCode.idle();
    const claude = await stage.startClaude({ env: { CLAUDE_CONFIG_DIR: join(root(), 'home') } });
    await claude.tell('SessionStart', { source: 'startup' });
    await stage.untilHeld(['active idle']);
    assert.equal(second.lifecycle.trackers.length, 1);
  });

  it('is left to the windows of its own folder', async () => {
    await stage.close(await stage.openConnected());
    const elsewhere = stage.open({ folder: join(root(), 'elsewhere') });
    const claude = await stage.startClaude();
    await claude.tell('SessionStart', { source: 'startup' });
    for (let turn = 0; turn < 5; turn += 1) {
      await clock.advance(5 * SECOND);
      await elsewhere.claudeCode.idle();
    }
    assert.deepEqual(await stage.held(), []);
    stage.open();
    await stage.untilHeld(['active idle']);
  });
});
