import assert from 'node:assert/strict';
import type { Session } from '@claude-projects/shared/client';
import { eventually } from '../lifecycle/journals/support/eventually.ts';
import { temporaryFolder } from '../lifecycle/journals/support/temporary-folder.ts';
import { builtHook } from './support/built-hook.ts';
import { Claude } from './support/claude.ts';
import type { OpenWindow } from './support/open-window.ts';
import { Stage } from './support/stage.ts';

describe('the recovery of a session of Claude Code', function () {
  this.timeout(60_000);
  const root = temporaryFolder();
  const hook = builtHook();
  let stage: Stage;
  let window: OpenWindow;

  beforeEach(async () => {
    stage = await Stage.set(root(), hook());
    window = await stage.openConnected();
  });

  afterEach(() => stage.clear());

  const passTime = () => stage.passTime();

  /** Claude Code, in the middle of a task, and what it is tracked as. */
  async function atWork(): Promise<{ claude: Claude; session: Session }> {
    const claude = await stage.startClaude();
    await claude.tell('SessionStart', { source: 'startup' });
    await claude.tell('UserPromptSubmit');
    await claude.tell('TaskCreated', { task_id: '1', task_subject: 'Add the cart' });
    await stage.untilTasks(['Add the cart: in_progress']);
    const [session] = await stage.sessions();
    assert.ok(session);
    return { claude, session };
  }

  async function crashed(): Promise<{ claude: Claude; session: Session }> {
    const work = await atWork();
    await work.claude.crash();
    await stage.untilHeld(['failed: process ended'], passTime);
    return work;
  }

  /** As the command does after the user has agreed. */
  async function recover({ session_id }: Session, into = window): Promise<Session> {
    await passTime();
    const successor = await stage.client.recoverSession(session_id, { new_machine_id: 'laptop' });
    await into.lifecycle.adopt(successor);
    return successor;
  }

  const untilRun = (times: number, of = window) =>
    eventually(
      () => of.ran.length === times,
      () => `${of.ran.length} terminals were opened\n${stage.logs}`,
    );
  const settled = async () => {
    for (let turn = 0; turn < 20; turn += 1) await passTime();
  };

  it('goes on in a terminal, as the same conversation, in the same folder, with its tasks', async () => {
    const { claude, session } = await crashed();
    let resumed: Claude | undefined;
    window.runs = async ({ words: [, ...args], cwd, env }) => {
      resumed = await stage.startClaude({ args, cwd, env });
      return resumed.ended;
    };
    assert.equal(await window.claudeCode.conversationOf(session), 'here');
    window.currentTaskName = 'Add the cart';
    const successor = await recover(session);
    await untilRun(1);
    assert.deepEqual(window.ran[0], {
      name: 'Claude Code: acme/shop (Add the cart)',
      cwd: stage.folder,
      env: { CLAUDE_PROJECTS_SESSION: successor.session_id },
      words: ['claude', '--resume', claude.session],
    });
    await stage.untilHeld(['completed: process ended', 'active idle'], passTime);
    await stage.untilTasks(['Add the cart: in_progress']);
    assert.ok(resumed);
    await resumed.tell('TaskCompleted', { task_id: '1', task_subject: 'Add the cart' });
    await stage.untilTasks(['Add the cart: completed']);
    await resumed.tell('SessionEnd', { reason: 'other' });
    await resumed.exit();
    await stage.untilHeld(['completed: process ended', 'completed'], passTime);
    assert.equal((await stage.sessions()).length, 2, 'what goes on in the terminal is the successor, and no third');
    assert.deepEqual(window.notifier.messages, []);
  });

  it('goes on as a copy where the old process is not known to be dead', async () => {
    const { claude, session } = await atWork();
    await stage.client.markSessionFailed(session.session_id, { error_message: 'It looked dead.' });
    let resumed: Claude | undefined;
    window.runs = async ({ words: [, ...args], cwd, env }) => {
      resumed = await stage.startClaude({ args, cwd, env });
      return resumed.ended;
    };
    await recover(session);
    await untilRun(1);
    assert.deepEqual(window.ran[0]?.words, ['claude', '--resume', claude.session, '--fork-session']);
    await eventually(
      () => resumed !== undefined,
      () => 'it was not resumed',
    );
    await stage.untilHeld(['completed: It looked dead.', 'active idle'], passTime);
    assert.notEqual(resumed?.session, claude.session);
    // The old one is not what is tracked any more, whatever it goes on to report.
    await claude.tell('Stop');
    await claude.tell('UserPromptSubmit');
    await resumed?.tell('Notification', { notification_type: 'permission_prompt', message: 'May I?' });
    await stage.untilHeld(['completed: It looked dead.', 'active waiting_for_input'], passTime);
  });

  it('keeps its title, whatever it is asked next', async () => {
    await stage.close(window);
    const local = stage.open({ mode: 'local' });
    const claude = await stage.startClaude();
    await claude.tell('SessionStart', { source: 'startup' });
    await claude.tell('UserPromptSubmit', { prompt: 'Add a cart' });
    const titles = async () => (await stage.sessions()).map(({ metadata }) => metadata['title']);
    await eventually(
      async () => (await titles())[0] === 'Add a cart',
      () => stage.logs,
      passTime,
    );
    const [session] = await stage.sessions();
    assert.ok(session);
    await stage.client.markSessionFailed(session.session_id, { error_message: 'It looked dead.' });
    let resumed: Claude | undefined;
    local.runs = async ({ words: [, ...args], cwd, env }) => {
      resumed = await stage.startClaude({ args, cwd, env });
      return resumed.ended;
    };
    await recover(session, local);
    await untilRun(1, local);
    await stage.untilHeld(['completed: It looked dead.', 'active idle'], passTime);
    assert.ok(resumed);
    await resumed.tell('UserPromptSubmit', { prompt: 'Go on' });
    await stage.untilHeld(['completed: It looked dead.', 'active working'], passTime);
    await settled();
    assert.deepEqual(await titles(), ['Add a cart', 'Add a cart']);
  });

  it('is told of where it fails, and not tried again', async () => {
    const { session } = await crashed();
    window.runs = async ({ words: [, ...args], cwd, env }) => {
      return new Claude({ args, cwd, env: { ...env, FAKE_CLAUDE_FAILS: '3' } }).ended;
    };
    window.currentTaskName = 'Add the cart';
    await recover(session);
    await untilRun(1);
    await eventually(
      () => window.notifier.notices.length > 0,
      () => `nothing was told\n${stage.logs}`,
      passTime,
    );
    assert.deepEqual(window.notifier.messages, [
      'Claude Code did not go on with the session of acme/shop (Add the cart): it ended with code 3.',
    ]);
    const [, failure] = await stage.held();
    assert.ok(failure !== undefined);
    await settled();
    assert.equal(window.ran.length, 1);
    assert.match((await stage.held())[1] ?? '', /^failed: claude --resume \S+ did not go on: it ended with code 3$/);
  });

  it('opens one terminal for one recovery, also when the window is reloaded right after it', async () => {
    const { session } = await crashed();
    // The terminal is being opened for as long as the window lives.
    window.runs = () => new Promise(() => undefined);
    await recover(session);
    await untilRun(1);
    await stage.close(window);
    const reloaded = stage.open();
    await reloaded.lifecycle.resume();
    assert.equal(reloaded.lifecycle.trackers.length, 1);
    await settled();
    assert.deepEqual(reloaded.ran, []);
  });

  it('says so where the conversation is on another machine', async () => {
    const foreign = await stage.client.createSession({
      project_id: 'acme/shop',
      machine_id: 'desktop',
      metadata: { source: 'claude-code', claude_session_id: 'not-here' },
    });
    await stage.client.markSessionFailed(foreign.session_id, { error_message: 'It is gone.' });
    await recover(foreign);
    await eventually(
      () => window.notifier.notices.length === 1,
      () => `nothing was told\n${stage.logs}`,
    );
    assert.match(window.notifier.messages.join(), /conversation not-here is not on this machine/);
    assert.equal(await window.claudeCode.conversationOf(foreign), 'elsewhere');
    assert.deepEqual(window.ran, []);
  });

  it('has nothing to do with sessions that Claude Code is not behind', async () => {
    const other = await stage.client.createSession({
      project_id: 'acme/shop',
      machine_id: 'desktop',
      metadata: { claude_session_id: '$(reboot)' },
    });
    await stage.client.markSessionFailed(other.session_id, { error_message: 'It is gone.' });
    await recover(other);
    await settled();
    assert.deepEqual([window.ran, window.notifier.messages], [[], []]);
  });
});
