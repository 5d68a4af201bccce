import assert from 'node:assert/strict';
import { join } from 'node:path';
import { isDerivedSlot } from '@claude-projects/shared/contract';
import { eventually } from '../lifecycle/journals/support/eventually.ts';
import { temporaryFolder } from '../lifecycle/journals/support/temporary-folder.ts';
import { MINUTE, SECOND } from '../support/fake-clock.ts';
import { builtHook } from './support/built-hook.ts';
import type { Claude, ClaudeOptions } from './support/claude.ts';
import type { OpenWindow } from './support/open-window.ts';
import { Stage } from './support/stage.ts';

describe('a session of Claude Code in a folder that no window has, where all were connected', function () {
  this.timeout(60_000);
  const root = temporaryFolder();
  const hook = builtHook();
  let stage: Stage;

  beforeEach(async () => {
    stage = await Stage.set(root(), hook());
    const window = stage.open();
    await window.connect('user');
    await stage.close(window);
  });

  afterEach(() => stage.clear());

  const passTime = () => stage.passTime();
  const openElsewhere = (name: string) => stage.open({ folder: join(root(), name) });
  const tracked = (...windows: readonly OpenWindow[]) => windows.map(({ lifecycle }) => lifecycle.trackers.length);

  const startClaude = (options: Partial<ClaudeOptions> = {}) =>
    stage.startClaude({ ...options, env: { CLAUDE_CONFIG_DIR: join(root(), 'home'), ...options.env } });

  async function atWork(): Promise<Claude> {
    const claude = await startClaude();
    await claude.tell('SessionStart', { source: 'startup' });
    await claude.tell('UserPromptSubmit');
    return claude;
  }

  async function untilTracked(expected: readonly number[], ...windows: readonly OpenWindow[]): Promise<void> {
    await eventually(
      () => JSON.stringify(tracked(...windows)) === JSON.stringify(expected),
      () => `tracked: ${JSON.stringify(tracked(...windows))}, not ${JSON.stringify(expected)}\n${stage.logs}`,
      passTime,
    );
  }

  async function pass(seconds: number): Promise<void> {
    for (let second = 0; second < seconds; second += 1) await passTime();
  }

  it('is followed by a window that is open, but not before one with the folder could have been', async () => {
    const window = openElsewhere('blog');
    await window.claudeCode.idle();
    const began = stage.clock.now();
    await atWork();
    await untilTracked([1], window);
    assert.ok(stage.clock.now() - began >= 2 * SECOND);
    await stage.untilHeld(['active working']);
    const [session] = await stage.sessions();
    assert.equal(session?.machine_id, 'laptop');
    assert.equal(session?.metadata['cwd'], stage.folder);
    assert.ok(isDerivedSlot(session?.docker_slot), 'in the place of its own folder');
  });

  it('is followed by one of several windows', async () => {
    const windows = [openElsewhere('blog'), openElsewhere('wiki'), openElsewhere('news')];
    await atWork();
    await stage.untilHeld(['active working']);
    await pass(30);
    assert.equal(
      tracked(...windows).reduce((sum, count) => sum + count, 0),
      1,
    );
    assert.deepEqual(await stage.held(), ['active working']);
  });

  it('is left to the window that has the folder, where there is one', async () => {
    const [guest, home] = [openElsewhere('blog'), stage.open()];
    await atWork();
    await stage.untilHeld(['active working']);
    await pass(30);
    assert.deepEqual(tracked(guest, home), [0, 1]);
  });

  it('is handed over to a window with that folder when it opens, as the same session', async () => {
    const guest = openElsewhere('blog');
    const claude = await atWork();
    await claude.beginTask('1', 'Add the cart');
    await stage.untilTasks(['Add the cart: in_progress']);
    const home = stage.open();
    await untilTracked([0, 1], guest, home);
    await claude.tell('TaskCompleted', { task_id: '1', task_subject: 'Add the cart' });
    await claude.tell('Stop');
    await stage.untilHeld(['active idle'], passTime);
    await stage.untilTasks(['Add the cart: completed']);
    await pass(30);
    assert.deepEqual(tracked(guest, home), [0, 1]);
    await stage.close(home);
    await untilTracked([1], guest);
    await claude.tell('UserPromptSubmit');
    await stage.untilHeld(['active working'], passTime);
  });

  it('goes on in another window when the one that follows it is closed', async () => {
    const first = openElsewhere('blog');
    const claude = await atWork();
    await stage.untilHeld(['active working']);
    const second = openElsewhere('wiki');
    await stage.close(first);
    await claude.tell('Stop');
    await stage.untilHeld(['active idle'], passTime);
    assert.deepEqual(tracked(second), [1]);
  });

  it('goes on in another window when the one with its folder is closed, but not when that is reloaded', async () => {
    const guest = openElsewhere('blog');
    const home = stage.open();
    const claude = await atWork();
    await stage.untilHeld(['active working']);
    await stage.close(home);
    await pass(5);
    const reloaded = stage.open();
    await untilTracked([0, 1], guest, reloaded);
    await pass(30);
    assert.deepEqual(tracked(guest, reloaded), [0, 1]);
    await stage.close(reloaded);
    await untilTracked([1], guest);
    await claude.tell('Stop');
    await stage.untilHeld(['active idle'], passTime);
    const again = stage.open();
    await untilTracked([0, 1], guest, again);
    await claude.tell('SessionEnd', { reason: 'prompt_input_exit' });
    await claude.exit();
    await stage.untilHeld(['completed'], passTime);
  });

  it('is gone on with soon by a window that opens long after the one that followed it was closed', async () => {
    const before = openElsewhere('blog');
    await atWork();
    await stage.untilHeld(['active working']);
    await stage.close(before);
    await stage.clock.advance(6 * MINUTE);
    const after = openElsewhere('blog');
    await after.claudeCode.idle();
    await stage.clock.advance(2 * SECOND);
    await after.claudeCode.idle();
    assert.deepEqual(tracked(after), [1]);
  });

  it('is gone on with by the window that recovered it, though another one has its folder', async () => {
    const dead = openElsewhere('blog');
    const claude = await atWork();
    await stage.untilHeld(['active working']);
    await claude.crash();
    await stage.untilHeld(['failed: Interrupted while it worked.'], passTime);
    await stage.close(dead);
    const [recovering, home] = [openElsewhere('wiki'), stage.open()];
    recovering.runs = async ({ words: [, ...args], cwd, env }) => (await startClaude({ args, cwd, env })).ended;
    const [session] = await stage.sessions();
    assert.ok(session);
    await passTime();
    const successor = await stage.client.recoverSession(session.session_id, { new_machine_id: 'laptop' });
    await recovering.lifecycle.adopt(successor);
    await stage.untilHeld(['completed: Interrupted while it worked.', 'active idle'], passTime);
    await pass(30);
    assert.deepEqual(tracked(recovering, home), [1, 0]);
    assert.deepEqual(await stage.held(), ['completed: Interrupted while it worked.', 'active idle']);
  });
});
