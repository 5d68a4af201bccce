import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Session } from '@claude-projects/shared/client';
import { hookPlace } from '../../src/claude-code/installed-hook.ts';
import { SHORT_PROMPT } from '../../src/claude-code/resume-prompt.ts';
import type { RunningProcess } from '../../src/claude-code/running-processes.ts';
import { hostOfPids } from '../../src/hook/claude-process.ts';
import { hasStopped } from '../../src/sessions/health.ts';
import { eventually } from '../lifecycle/journals/support/eventually.ts';
import { temporaryFolder } from '../lifecycle/journals/support/temporary-folder.ts';
import { MINUTE } from '../support/fake-clock.ts';
import { builtHook } from './support/built-hook.ts';
import { Claude } from './support/claude.ts';
import type { OpenWindow } from './support/open-window.ts';
import { Stage } from './support/stage.ts';
import { writeRecord } from './support/write-record.ts';

describe('the recovery of a session of Claude Code', function () {
  this.timeout(60_000);
  const root = temporaryFolder();
  const hook = builtHook();
  let stage: Stage;
  let window: OpenWindow;
  /** What the system lists. */
  let processes: RunningProcess[];

  beforeEach(async () => {
    stage = await Stage.set(root(), hook());
    processes = [];
    window = stage.open({ processes: async () => processes });
    await window.connect();
  });

  afterEach(() => stage.clear());

  const passTime = () => stage.passTime();

  /** Claude Code, in the middle of a task, and what it is tracked as. */
  async function atWork(): Promise<{ claude: Claude; session: Session }> {
    const claude = await stage.startClaude();
    await claude.tell('SessionStart', { source: 'startup' });
    await claude.tell('UserPromptSubmit');
    await claude.beginTask('1', 'Add the cart');
    await stage.untilTasks(['Add the cart: in_progress']);
    const [session] = await stage.sessions();
    assert.ok(session);
    return { claude, session };
  }

  async function crashed(): Promise<{ claude: Claude; session: Session }> {
    const work = await atWork();
    await work.claude.crash();
    await stage.untilHeld(['failed: Interrupted while it worked.'], passTime);
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

  /** Claude Code starts in the next terminal. */
  function resumes(of: OpenWindow, more: Readonly<Record<string, string>> = {}): Promise<Claude> {
    const { promise, resolve } = Promise.withResolvers<Claude>();
    of.runs = async ({ words: [, ...args], cwd, env }) => {
      const claude = await stage.startClaude({ args, cwd, env: { ...env, ...more } });
      resolve(claude);
      return claude.ended;
    };
    return promise;
  }

  it('goes on in a terminal, as the same conversation, in the same folder, with its tasks', async () => {
    const { claude, session } = await crashed();
    const resumed = resumes(window);
    assert.equal(await window.claudeCode.conversationOf(session), 'here');
    window.currentTaskName = 'Add the cart';
    const successor = await recover(session);
    await untilRun(1);
    assert.deepEqual(window.ran[0], {
      name: 'Claude Code: acme/shop (Add the cart)',
      cwd: stage.folder,
      env: { CLAUDE_PROJECTS_SESSION: successor.session_id },
      words: ['claude', '--resume', claude.session],
      prompt: { text: SHORT_PROMPT, short: SHORT_PROMPT },
    });
    await stage.untilHeld(['completed: Interrupted while it worked.', 'active idle'], passTime);
    await stage.untilTasks(['Add the cart: pending']);
    const goingOn = await resumed;
    await goingOn.tell('TaskCompleted', { task_id: '1', task_subject: 'Add the cart' });
    await stage.untilTasks(['Add the cart: completed']);
    await goingOn.tell('SessionEnd', { reason: 'other' });
    await goingOn.exit();
    await stage.untilHeld(['completed: Interrupted while it worked.', 'completed'], passTime);
    assert.equal((await stage.sessions()).length, 2, 'what goes on in the terminal is the successor, and no third');
    assert.deepEqual(window.notifier.messages, []);
  });

  it('has not stopped while Claude Code starts', async () => {
    const { session } = await crashed();
    window.runs = () => new Promise(() => undefined);
    const successor = await recover(session);
    await untilRun(1);
    await stage.untilHeld(['completed: Interrupted while it worked.', 'active idle'], passTime);
    const held = await stage.client.getSession(successor.session_id);
    assert.equal(held.metadata['source'], 'claude-code');
    assert.equal(hasStopped(held), false);
  });

  it('goes on as a copy where the old process is not known to be dead', async () => {
    const { claude, session } = await atWork();
    await stage.client.markSessionFailed(session.session_id, { error_message: 'It looked dead.' });
    const resumed = resumes(window);
    await recover(session);
    await untilRun(1);
    assert.deepEqual(window.ran[0]?.words, ['claude', '--resume', claude.session, '--fork-session']);
    const copy = await resumed;
    await stage.untilHeld(['completed: It looked dead.', 'active idle'], passTime);
    assert.notEqual(copy.session, claude.session);
    // The old one is not what is tracked any more, whatever it goes on to report.
    await claude.tell('Stop');
    await claude.tell('UserPromptSubmit');
    await copy.tell('Notification', { notification_type: 'permission_prompt', message: 'May I?' });
    await stage.untilHeld(['completed: It looked dead.', 'active waiting_for_input'], passTime);
  });

  it('goes on as a copy that begins under the id of the original, as in older versions', async () => {
    const { claude, session } = await atWork();
    await stage.client.markSessionFailed(session.session_id, { error_message: 'It looked dead.' });
    await eventually(
      () => window.lifecycle.trackers.length === 0,
      () => stage.logs,
      passTime,
    );
    const resumed = resumes(window, { FAKE_CLAUDE_COPIES_LATE: '1' });
    const successor = await recover(session);
    const copy = await resumed;
    await stage.untilHeld(['completed: It looked dead.', 'active idle'], passTime);
    await copy.tell('UserPromptSubmit', { prompt: SHORT_PROMPT });
    await copy.tell('Notification', { notification_type: 'permission_prompt', message: 'May I?' });
    await stage.untilHeld(['completed: It looked dead.', 'active waiting_for_input'], passTime);
    await eventually(
      async () => (await stage.sessions()).at(-1)?.metadata['claude_session_id'] === copy.session,
      () => stage.logs,
      passTime,
    );
    // Windows may also read of the start when the copy has begun.
    const { root: records } = hookPlace({ storage: stage.storage, platform: process.platform });
    writeRecord(records, {
      at: stage.clock.now() - MINUTE,
      event: 'SessionStart',
      source: 'resume',
      session: claude.session,
      cwd: stage.folder,
      process: { pid: copy.pid, host: hostOfPids() },
      continues: successor.session_id,
    });
    const waiting = () => readdirSync(join(records, 'sessions', claude.session)).filter((name) => /^\d/.test(name));
    await eventually(
      () => waiting().length === 0,
      () => stage.logs,
      passTime,
    );
    await window.claudeCode.idle();
    assert.equal(window.lifecycle.trackers.length, 1, 'no third session begins');
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
    const resumed = resumes(local);
    await recover(session, local);
    await untilRun(1, local);
    await stage.untilHeld(['completed: It looked dead.', 'active idle'], passTime);
    await (await resumed).tell('UserPromptSubmit', { prompt: 'Go on' });
    await stage.untilHeld(['completed: It looked dead.', 'active working'], passTime);
    await settled();
    assert.deepEqual(await titles(), ['Add a cart', 'Add a cart']);
  });

  it('tells Claude Code the plan that was shown', async () => {
    const { session } = await crashed();
    window.ui.answers.push('Recover');
    await passTime();
    await window.recovery.recover(session);
    await untilRun(1);
    assert.match(window.ui.details.join(), /^To do again: Add the cart$/m);
    const { text = '', short = '' } = window.ran[0]?.prompt ?? {};
    assert.match(text, /^To do again: 'Add the cart'$/m);
    assert.doesNotMatch(short, /cart/);
  });

  it('resumes the newest conversation, where an earlier recovery made a copy', async () => {
    const { claude, session } = await atWork();
    await stage.client.markSessionFailed(session.session_id, { error_message: 'It looked dead.' });
    const resumed = resumes(window);
    const second = await recover(session);
    const copy = await resumed;
    await stage.untilHeld(['completed: It looked dead.', 'active idle'], passTime);
    const conversation = async () => (await stage.client.getSession(second.session_id)).metadata['claude_session_id'];
    assert.equal(await conversation(), claude.session, 'a copy without a prompt cannot be resumed');
    await copy.tell('UserPromptSubmit', { prompt: SHORT_PROMPT });
    await eventually(
      async () => (await conversation()) === copy.session,
      () => stage.logs,
      passTime,
    );
    assert.notEqual(copy.session, claude.session);
    await copy.crash();
    await stage.untilHeld(['completed: It looked dead.', 'failed: Interrupted while it worked.'], passTime);
    window.runs = () => new Promise(() => undefined);
    await recover(await stage.client.getSession(second.session_id));
    await untilRun(2);
    assert.deepEqual(window.ran[1]?.words, ['claude', '--resume', copy.session]);
  });

  it('keeps its title where the API knows none and the conversation is copied', async () => {
    const claude = await stage.startClaude();
    await claude.tell('SessionStart', { source: 'startup' });
    await claude.tell('UserPromptSubmit', { prompt: 'Add a cart' });
    await eventually(
      () => window.lifecycle.trackers[0]?.title === 'Add a cart',
      () => stage.logs,
      passTime,
    );
    const [session] = await stage.sessions();
    assert.ok(session);
    await stage.client.markSessionFailed(session.session_id, { error_message: 'It looked dead.' });
    const resumed = resumes(window);
    const { session_id } = await recover(session);
    await (await resumed).tell('UserPromptSubmit', { prompt: SHORT_PROMPT });
    await stage.untilHeld(['completed: It looked dead.', 'active working'], passTime);
    const tracker = window.lifecycle.trackers.find(({ sessionId }) => sessionId === session_id);
    assert.equal(tracker?.title, 'Add a cart');
  });

  it('takes no title from what Claude Code is told after a recovery', async () => {
    const { session } = await crashed();
    const resumed = resumes(window);
    const { session_id } = await recover(session);
    const claude = await resumed;
    await claude.tell('UserPromptSubmit', { prompt: SHORT_PROMPT });
    await stage.untilHeld(['completed: Interrupted while it worked.', 'active working'], passTime);
    const titleOf = () => window.lifecycle.trackers.find(({ sessionId }) => sessionId === session_id)?.title;
    assert.equal(titleOf(), undefined);
    await claude.tell('UserPromptSubmit', { prompt: 'Add a discount' });
    await eventually(
      () => titleOf() === 'Add a discount',
      () => stage.logs,
      passTime,
    );
  });

  describe('that nothing is heard of', () => {
    const MISSING = /^failed: claude --resume \S+ did not go on: no sign of it within 60 s$/;
    const untilTold = () =>
      eventually(
        () => window.notifier.notices.length > 0,
        () => `nothing was told\n${stage.logs}`,
        passTime,
      );
    const untilSuccessorIs = async (expected: RegExp) => {
      let seen = '';
      await eventually(
        async () => {
          seen = (await stage.held())[1] ?? '';
          return expected.test(seen);
        },
        () => `expected ${expected}, found ${seen}\n${stage.logs}`,
        passTime,
      );
    };

    beforeEach(() => {
      window.runs = () => new Promise(() => undefined);
    });

    it('is failed after a minute, with what to do about it, and can be recovered again', async () => {
      const { session } = await crashed();
      const second = await recover(session);
      await untilRun(1);
      const since = stage.clock.now();
      // Nobody says that it works.
      await untilSuccessorIs(/^active idle$/);
      await untilTold();
      assert.ok(stage.clock.now() - since >= 60_000);
      await untilSuccessorIs(MISSING);
      assert.match(window.notifier.last.message, /^Claude Code did not start for the session of acme\/shop/);
      assert.deepEqual(window.notifier.labels(), ['Show Terminal', 'Copy Command', 'Show Session']);
      await window.notifier.press('Show Terminal');
      await window.notifier.press('Copy Command');
      assert.deepEqual(window.called, [
        ['claudeProjects.showTerminal', second.session_id],
        ['claudeProjects.copyResumeCommand', second.session_id],
      ]);
      const dead = await stage.client.getSession(second.session_id);
      assert.equal(await window.claudeCode.hasToldOf(dead), true, 'nobody asks a second time');
      await recover(dead);
      await untilRun(2);
    });

    it('waits for a person while its process lives, and is failed when that ends', async () => {
      const { claude, session } = await crashed();
      const words = ['/usr/bin/claude', '--resume', claude.session, SHORT_PROMPT];
      const running = [{ pid: 7, parent: 1, words }];
      // One of before resumed the same conversation; nothing is proven by that.
      processes.push({ pid: 6, parent: 1, words });
      await recover(session);
      await untilRun(1);
      processes.push(...running);
      await stage.untilHeld(['completed: Interrupted while it worked.', 'active waiting_for_input'], passTime);
      assert.deepEqual(window.notifier.messages, []);
      processes.pop();
      await untilTold();
      await untilSuccessorIs(MISSING);
    });

    it('waits for a person while the shell says that the command runs', async () => {
      const { session } = await crashed();
      window.isUnderWay = true;
      await recover(session);
      await stage.untilHeld(['completed: Interrupted while it worked.', 'active waiting_for_input'], passTime);
    });

    it('needs its proof after a reload of the window, too', async () => {
      const { session } = await crashed();
      await recover(session);
      await untilRun(1);
      await stage.close(window);
      window = stage.open({ processes: async () => processes });
      await window.lifecycle.resume();
      await untilTold();
      await untilSuccessorIs(MISSING);
      assert.deepEqual(window.notifier.labels(), ['Copy Command', 'Show Session']);
    });
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

  it('says once that the conversation is on another machine', async () => {
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
    assert.match(window.notifier.messages.join(), /Claude Code conversation not-here is not on this machine/);
    assert.equal(await window.claudeCode.conversationOf(foreign), 'elsewhere');
    assert.deepEqual(window.ran, []);
    await stage.close(window);
    const reloaded = stage.open();
    await reloaded.lifecycle.resume();
    assert.equal(reloaded.lifecycle.trackers.length, 1);
    await settled();
    assert.deepEqual(reloaded.notifier.messages, []);
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
