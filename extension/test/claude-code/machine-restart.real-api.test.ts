import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { SETTLE_MS } from '../../src/claude-code/machine-restart.ts';
import { eventually } from '../lifecycle/journals/support/eventually.ts';
import { temporaryFolder } from '../lifecycle/journals/support/temporary-folder.ts';
import { SECOND } from '../support/fake-clock.ts';
import { builtHook } from './support/built-hook.ts';
import type { Claude } from './support/claude.ts';
import type { OpenWindow, WindowOptions } from './support/open-window.ts';
import { Stage } from './support/stage.ts';

describe('a restart of the machine', function () {
  this.timeout(60_000);
  const root = temporaryFolder();
  const hook = builtHook();
  let stage: Stage;
  let other: string;
  let bootedAt = 0;

  beforeEach(async () => {
    bootedAt = 0;
    stage = await Stage.set(root(), hook());
    other = join(root(), 'other');
    mkdirSync(other);
  });
  afterEach(() => stage.clear());

  const passTime = () => stage.passTime();
  const open = (options: Partial<WindowOptions> = {}) => stage.open({ bootedAt: () => bootedAt, ...options });

  /** A window with a session at work in its folder. */
  async function atWorkIn(folder: string): Promise<{ window: OpenWindow; claude: Claude }> {
    const window = open({ folder });
    await window.connect();
    const before = (await stage.sessions()).length;
    const claude = await stage.startClaude({ cwd: folder });
    await claude.tell('SessionStart', { source: 'startup' });
    await claude.tell('UserPromptSubmit', { prompt: 'Add a cart' });
    await eventually(
      async () => (await stage.sessions()).length > before,
      () => stage.logs,
      passTime,
    );
    return { window, claude };
  }

  /** Everything dies at once; some time later the machine is there again. */
  async function restart(...running: readonly { readonly window: OpenWindow; readonly claude: Claude }[]) {
    for (const { window, claude } of running) {
      await stage.close(window);
      await claude.crash();
    }
    await stage.clock.advance(10 * SECOND);
    // Hooks date what they write by the real clock.
    bootedAt = Date.now() + 1000;
  }

  async function settle(): Promise<void> {
    for (let passed = 0; passed <= SETTLE_MS + 5 * SECOND; passed += SECOND) await passTime();
  }

  const offers = (...windows: readonly OpenWindow[]) =>
    windows.flatMap(({ notifier }) => notifier.messages.filter((message) => /when this machine stopped/.test(message)));

  it('offers all sessions that it ended in one notice, and resumes each in its folder', async () => {
    const [here, away] = [await atWorkIn(stage.folder), await atWorkIn(other)];
    await restart(here, away);
    const window = open();
    await settle();
    assert.deepEqual(window.notifier.messages, ['2 sessions of Claude Code ended when this machine stopped.']);
    assert.deepEqual(window.notifier.labels(), ['Resume 2 Sessions', 'Show Sessions']);
    for (const session of await stage.sessions()) {
      assert.equal(session.status, 'failed');
      assert.equal(await window.claudeCode.hasToldOf(session), true, 'nobody asks about each of them');
    }

    const resumed: Claude[] = [];
    window.runs = async ({ words: [, ...args], cwd, env }) => {
      const claude = await stage.startClaude({ args, cwd, env });
      resumed.push(claude);
      return claude.ended;
    };
    await window.notifier.press('Resume 2 Sessions');
    await eventually(
      () => resumed.length === 2,
      () => `${resumed.length} were resumed\n${stage.logs}`,
      passTime,
    );
    assert.deepEqual(window.ran.map(({ cwd }) => cwd).toSorted(), [other, stage.folder].toSorted());
    assert.deepEqual(
      resumed.map(({ session }) => session).toSorted(),
      [here.claude.session, away.claude.session].toSorted(),
      'each goes on with its own conversation',
    );
    // Also the one whose folder is not open here is followed.
    for (const claude of resumed) await claude.tell('Notification', { notification_type: 'permission_prompt' });
    await eventually(
      async () => (await stage.sessions()).filter(({ activity }) => activity === 'waiting_for_input').length === 2,
      () => stage.logs,
      passTime,
    );
    assert.equal((await stage.sessions()).length, 4, 'each has one successor');
    assert.match(window.notifier.last.message, /^2 sessions are recovered\./);
  });

  it('is noticed by one of several windows', async () => {
    const [here, away] = [await atWorkIn(stage.folder), await atWorkIn(other)];
    await restart(here, away);
    const windows = [open(), open({ folder: other })];
    await settle();
    assert.equal(offers(...windows).length, 1);
    await eventually(
      async () => (await stage.sessions()).every(({ status }) => status === 'failed'),
      () => stage.logs,
      passTime,
    );
    const later = open({ workspaceId: 'a third window' });
    await settle();
    assert.deepEqual(offers(later), []);
  });

  it('is offered by the next window where the first one closes before it has', async () => {
    const away = await atWorkIn(other);
    await restart(away);
    const first = open();
    await first.claudeCode.idle();
    await stage.close(first);
    const next = open();
    await settle();
    assert.deepEqual([offers(first).length, offers(next).length], [0, 1]);
  });

  it('leaves what another machine has recovered meanwhile to that one', async () => {
    const away = await atWorkIn(other);
    await restart(away);
    const [session] = await stage.sessions();
    assert.ok(session);
    await stage.client.markSessionFailed(session.session_id, { error_message: 'It is silent.' });
    await stage.client.recoverSession(session.session_id, { new_machine_id: 'desktop' });
    const window = open();
    await settle();
    assert.deepEqual(window.notifier.messages, []);
  });

  it('is none where only the process ended', async () => {
    const here = await atWorkIn(stage.folder);
    await stage.close(here.window);
    await here.claude.crash();
    const window = open();
    await settle();
    assert.deepEqual(offers(window), []);
    await stage.untilHeld(['failed: Interrupted while it worked.'], passTime);
  });

  it('is none for a process that lives', async () => {
    const here = await atWorkIn(stage.folder);
    await stage.close(here.window);
    // The clock was set back since, or tells the start of the machine wrongly.
    bootedAt = Date.now() + 1000;
    const window = open();
    await settle();
    assert.deepEqual(offers(window), []);
    await stage.untilHeld(['active working'], passTime);
  });
});
