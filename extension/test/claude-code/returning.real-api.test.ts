import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { temporaryFolder } from '../lifecycle/journals/support/temporary-folder.ts';
import { MINUTE } from '../support/fake-clock.ts';
import { builtHook } from './support/built-hook.ts';
import { Stage } from './support/stage.ts';

describe('an editor that comes back to sessions of Claude Code, and the real API', function () {
  this.timeout(60_000);
  const root = temporaryFolder();
  const hook = builtHook();
  let stage: Stage;

  beforeEach(async () => {
    stage = await Stage.set(root(), hook());
  });

  afterEach(() => stage.clear());

  const passTime = () => stage.passTime();

  /** The editor is closed for six minutes, in which the API calls the session stalled. */
  async function away(): Promise<void> {
    await stage.clock.advance(6 * MINUTE);
    const [session] = await stage.sessions();
    assert.ok(session);
    await stage.client.markSessionStalled(session.session_id);
    assert.deepEqual(await stage.held(), ['stalled']);
  }

  it('goes on with the same session where its process lived on', async () => {
    const before = await stage.openConnected();
    const claude = await stage.startClaude();
    await claude.tell('SessionStart', { source: 'startup' });
    await claude.tell('UserPromptSubmit');
    await stage.untilHeld(['active working']);
    await stage.close(before);
    await away();
    await claude.tell('Stop');
    stage.open();
    await stage.untilHeld(['active idle'], passTime);
    for (let turn = 0; turn < 100; turn += 1) await passTime();
    await claude.tell('UserPromptSubmit');
    await stage.untilHeld(['active working'], passTime);
  });

  it('goes on with the same session where nothing was heard of it, as long as its process lives', async () => {
    const before = await stage.openConnected();
    const claude = await stage.startClaude();
    await claude.tell('SessionStart', { source: 'startup' });
    await stage.untilHeld(['active idle']);
    await stage.close(before);
    await away();
    stage.open();
    await stage.untilHeld(['active idle'], passTime);
  });

  it('has heard that it was ended before it says anything', async () => {
    const before = await stage.openConnected();
    const claude = await stage.startClaude();
    await claude.tell('SessionStart', { source: 'startup' });
    await stage.untilHeld(['active idle']);
    await stage.close(before);
    await away();
    await claude.tell('SessionEnd', { reason: 'prompt_input_exit' });
    await claude.exit();
    const after = stage.open();
    await after.claudeCode.agents.settled();
    assert.deepEqual(
      after.lifecycle.trackers.filter(({ state }) => state.kind !== 'ending'),
      [],
    );
    await stage.untilHeld(['completed'], passTime);
  });

  it('does not bring one back whose process has died meanwhile', async () => {
    const before = await stage.openConnected();
    const claude = await stage.startClaude();
    await claude.tell('SessionStart', { source: 'startup' });
    await claude.tell('UserPromptSubmit');
    await stage.untilHeld(['active working']);
    await stage.close(before);
    await claude.crash();
    await away();
    const seen = new Set<string>();
    stage.open();
    await stage.untilHeld(['failed: Interrupted while it worked.'], async () => {
      for (const held of await stage.held()) seen.add(held);
      await passTime();
    });
    assert.deepEqual([...seen], ['stalled']);
  });

  it('knows of a session of another folder that its process lives, though no window follows it', async () => {
    const before = await stage.openConnected();
    const claude = await stage.startClaude();
    await claude.tell('SessionStart', { source: 'startup' });
    await stage.untilHeld(['active idle']);
    await stage.close(before);
    await away();
    const elsewhere = stage.open({ folder: join(root(), 'elsewhere') });
    const [session] = await stage.sessions();
    assert.ok(session);
    const { agents } = elsewhere.claudeCode;
    assert.equal(await agents.livenessOf(session.session_id), 'alive');
    await claude.crash();
    assert.equal(await agents.livenessOf(session.session_id), 'gone');
    assert.equal(await agents.livenessOf(randomUUID()), 'unknown');
  });

  it('knows that a session lives as long as one of two processes on its conversation does', async () => {
    const before = await stage.openConnected();
    const first = await stage.startClaude();
    await first.tell('SessionStart', { source: 'startup' });
    await stage.untilHeld(['active idle']);
    const second = await stage.startClaude({ args: ['--resume', first.session] });
    await second.tell('UserPromptSubmit');
    await stage.untilHeld(['active working'], passTime);
    await stage.close(before);
    await second.crash();
    const [session] = await stage.sessions();
    assert.ok(session);
    const { agents } = stage.open({ folder: join(root(), 'elsewhere') }).claudeCode;
    assert.equal(await agents.livenessOf(session.session_id), 'alive');
    await first.crash();
    assert.equal(await agents.livenessOf(session.session_id), 'gone');
  });
});
