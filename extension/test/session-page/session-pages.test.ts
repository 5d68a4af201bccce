import assert from 'node:assert/strict';
import { setImmediate } from 'node:timers/promises';
import { Emitter } from '../../src/platform/emitter.ts';
import { inEnglish } from '../../src/platform/localize.ts';
import type { SessionPage } from '../../src/session-page/session-page.ts';
import { GATHER_FACTS_MS, type PagePanel, SessionPages } from '../../src/session-page/session-pages.ts';
import { FakeLifecycle, FakeTracker } from '../commands/support/fake-lifecycle.ts';
import { StoreBench, sampleTask } from '../sessions/support/store-bench.ts';
import { FakeClaude } from '../support/fake-claude.ts';
import { MINUTE } from '../support/fake-clock.ts';
import { sampleLabels } from '../support/sample-labels.ts';

const fail = (error: unknown) => {
  throw error;
};

class FakePanel implements PagePanel {
  isVisible = true;
  isOpen = true;
  revealed = 0;
  readonly drawn: SessionPage[] = [];
  readonly seen = new Emitter<void>(fail);
  readonly received = new Emitter<unknown>(fail);
  readonly closed = new Emitter<void>(fail);
  readonly onDidChangeVisibility = this.seen.event;
  readonly onDidReceive = this.received.event;
  readonly onDidClose = this.closed.event;

  draw(page: SessionPage): void {
    this.#assertOpen();
    this.drawn.push(page);
  }

  reveal(): void {
    this.#assertOpen();
    this.revealed += 1;
  }

  dispose(): void {
    if (!this.isOpen) return;
    this.isOpen = false;
    this.closed.fire();
  }

  get text(): string {
    return Object.values(this.drawn.at(-1)?.sections ?? {}).join('');
  }

  show(isVisible: boolean): void {
    this.isVisible = isVisible;
    this.seen.fire();
  }

  /** As the editor's panels do. */
  #assertOpen(): void {
    if (!this.isOpen) throw new Error('Webview is disposed');
  }
}

describe('the pages of sessions', () => {
  let bench: StoreBench;
  let lifecycle: FakeLifecycle;
  let claude: FakeClaude;
  let pages: SessionPages;
  let ran: unknown[][];
  let shown: boolean[];

  beforeEach(() => {
    bench = new StoreBench();
    lifecycle = new FakeLifecycle();
    claude = new FakeClaude();
    ran = [];
    shown = [];
    const { store, connection, clock, log } = bench;
    pages = new SessionPages({
      store,
      labels: sampleLabels((session) => store.currentTaskNameOf(session), lifecycle),
      claude,
      connection,
      lifecycle,
      clock,
      log,
      locale: 'en',
      localize: inEnglish,
      run: async (command, ...args) => void ran.push([command, ...args]),
      onDidShow: (isAnyVisible) => shown.push(isAnyVisible),
    });
  });
  afterEach(() => {
    pages.dispose();
    bench.dispose();
  });

  const settled = async () => {
    for (let turn = 0; turn < 20; turn += 1) await setImmediate();
  };

  /** Opens the page of a session that the store knows. */
  async function open(changes: Parameters<StoreBench['session']>[0] = {}) {
    const session = bench.session(changes);
    bench.api.put(session);
    await bench.store.refresh();
    const panel = new FakePanel();
    pages.show(session, () => panel);
    await settled();
    return { session, panel };
  }

  it('show what is known at once, and the tasks once they were read', async () => {
    const session = bench.session();
    bench.api.put(session);
    bench.api.tasks = [sampleTask(session)];
    await bench.store.refresh();
    const panel = new FakePanel();
    pages.show(session, () => panel);
    assert.match(panel.text, /Working.*Reading the tasks…/s);
    await settled();
    assert.match(panel.text, /Write the checkout/);
  });

  it('are drawn again when more is known of a session of Claude Code', async () => {
    const { session, panel } = await open();
    claude.know(session.session_id, { currentTool: 'Bash: npm test' });
    await bench.clock.advance(GATHER_FACTS_MS);
    assert.match(panel.text, /Bash: npm test/);
    panel.dispose();
    claude.know(session.session_id);
    await bench.clock.advance(GATHER_FACTS_MS);
  });

  it('are one for each session', async () => {
    const { session, panel } = await open();
    pages.show(session, () => assert.fail('a second panel'));
    assert.equal(panel.revealed, 1);
    panel.dispose();
    const next = new FakePanel();
    pages.show(session, () => next);
    assert.equal(next.drawn.length, 1);
  });

  it('follow the session, its tasks and this window', async () => {
    const { session, panel } = await open();
    const { session_id } = session;
    bench.api.tasks = [sampleTask(session, { status: 'blocked', metadata: { block_reason: 'Needs a key' } })];
    bench.api.change(session_id, { health: 'waiting', activity: 'waiting_for_input', updated_at: bench.at(1) });
    await bench.store.refresh();
    await settled();
    assert.match(panel.text, /Waits for input.*Needs a key/s);
    const tracker = new FakeTracker('acme/shop', session_id);
    lifecycle.trackers = [tracker];
    lifecycle.changed.fire(tracker);
    assert.match(panel.text, /tracked by this window/);
  });

  it('name a session of this window by the title that does not leave the machine', async () => {
    const { session, panel } = await open({ metadata: { branch: 'fix/checkout' } });
    assert.equal(panel.drawn.at(-1)?.title, 'fix/checkout');
    const tracker = new FakeTracker('acme/shop', session.session_id);
    tracker.title = 'Mend the checkout';
    lifecycle.trackers = [tracker];
    lifecycle.changed.fire(tracker);
    assert.equal(panel.drawn.at(-1)?.title, 'Mend the checkout');
    assert.match(panel.text, /<h1>Mend the checkout<\/h1>/);
  });

  it('grow older by themselves while they are open, and end with their panel', async () => {
    const { panel } = await open({ status: 'completed', health: 'ended', completed_at: bench.at() });
    assert.match(panel.text, /just now/);
    await bench.clock.advance(2 * MINUTE);
    assert.match(panel.text, /2 min ago/);
    panel.dispose();
    const { length } = panel.drawn;
    await bench.clock.advance(2 * MINUTE);
    assert.equal(panel.drawn.length, length);
    assert.equal(bench.clock.pendingTimers, 0);
  });

  it('are drawn when they are seen again, and say whether any is seen', async () => {
    const { panel } = await open();
    panel.show(false);
    const { length } = panel.drawn;
    await bench.clock.advance(MINUTE);
    assert.equal(panel.drawn.length, length, 'nobody sees it');
    panel.show(true);
    assert.equal(panel.drawn.length, length + 1);
    panel.dispose();
    assert.deepEqual([shown.includes(false), shown.at(-1)], [true, false]);
  });

  it('run the commands they offer, and no other', async () => {
    const { session, panel } = await open();
    const { session_id: sessionId } = session;
    panel.received.fire({ command: 'claudeProjects.copySessionId', sessionId });
    for (const message of [
      undefined,
      'x',
      { command: 'workbench.action.quit', sessionId },
      { command: 'claudeProjects.deleteSession', sessionId },
    ])
      panel.received.fire(message);
    assert.deepEqual(ran, [['claudeProjects.copySessionId', sessionId]]);
  });

  it('say that they may be old while the API is away, and no more when it is back', async () => {
    const { panel } = await open();
    bench.api.failure = () => new Error('away');
    await bench.store.poll();
    assert.match(panel.text, /Working.*Not up to date/s);
    bench.api.failure = undefined;
    await bench.store.poll();
    await settled();
    assert.doesNotMatch(panel.text, /Not up to date/);
  });

  it('say that their session was deleted', async () => {
    const { session, panel } = await open();
    bench.api.delete(session.session_id);
    await bench.store.refresh();
    await settled();
    assert.match(panel.text, /This session was deleted\./);
  });

  it('close when their session cannot be read after a reload', async () => {
    const panel = new FakePanel();
    await pages.restore('ffffffff-ffff-4fff-8fff-ffffffffffff', panel);
    assert.equal(panel.isOpen, false);
    const session = bench.session();
    bench.api.put(session);
    await bench.store.refresh();
    const restored = new FakePanel();
    await pages.restore(session.session_id, restored);
    assert.match(restored.text, /Working/);
  });

  it('can be opened again where a panel was closed before its session was read after a reload', async () => {
    const session = bench.session();
    bench.api.put(session);
    const closed = new FakePanel();
    const restoring = pages.restore(session.session_id, closed);
    closed.dispose();
    await restoring;
    const panel = new FakePanel();
    pages.show(session, () => panel);
    await settled();
    assert.match(panel.text, /Working/);
    panel.dispose();
    assert.equal(bench.clock.pendingTimers, 0);
  });
});
