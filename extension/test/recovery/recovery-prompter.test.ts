import assert from 'node:assert/strict';
import type { Session } from '@claude-projects/shared/client';
import { Emitter } from '../../src/platform/emitter.ts';
import { KeptIds } from '../../src/platform/kept-ids.ts';
import { inEnglish } from '../../src/platform/localize.ts';
import { SETTLE_MS } from '../../src/recovery/prompt-schedule.ts';
import { RecoveryPrompter } from '../../src/recovery/recovery-prompter.ts';
import { checkSettings } from '../../src/settings/check-settings.ts';
import type { Settings } from '../../src/settings/settings.ts';
import { FakeLifecycle } from '../commands/support/fake-lifecycle.ts';
import { FakeSessions } from '../commands/support/fake-sessions.ts';
import { FakeNotifier } from '../commands/support/fake-ui.ts';
import { emptySettings } from '../settings/support/empty-settings.ts';
import { FakeClock, HOUR, MINUTE } from '../support/fake-clock.ts';
import { RecordingLog } from '../support/recording-log.ts';
import { sampleLabels } from '../support/sample-labels.ts';
import { sampleSession } from '../support/sample-session.ts';

describe('the question whether to recover', () => {
  let clock: FakeClock;
  let sessions: FakeSessions;
  let notifier: FakeNotifier;
  let lifecycle: FakeLifecycle;
  let ran: unknown[][];
  let kept: Map<string, unknown>;
  let dismissed: KeptIds;
  let toldOtherwise: Set<string>;
  let settings: Settings;
  let changed: Emitter<Settings>;
  let prompter: RecoveryPrompter;
  let living: Set<string>;

  const fail = (error: unknown) => {
    throw error;
  };
  const died = (changes: Partial<Session> = {}) => sampleSession({ status: 'stalled', health: 'stalled', ...changes });

  function open(): RecoveryPrompter {
    const state = {
      get: (name: string) => kept.get(name),
      update: async (n: string, v: unknown) => void kept.set(n, v),
    };
    return new RecoveryPrompter({
      sessions,
      lifecycle,
      agents: { livenessOf: async (id) => (living.has(id) ? 'alive' : 'unknown') },
      clock,
      notifier,
      labels: sampleLabels(),
      dismissals: (dismissed = new KeptIds(state, 'dismissed', 500, fail)),
      isToldOtherwise: async ({ session_id }) => toldOtherwise.has(session_id),
      never: new KeptIds(state, 'never', 500, fail),
      settings: {
        get current() {
          return settings;
        },
        onDidChange: changed.event,
      },
      places: {
        current: async () => ({ projectId: 'acme/shop', machineId: 'laptop', hostname: 'laptop', workspaceId: 'here' }),
      },
      run: async (...call) => void ran.push(call),
      localize: inEnglish,
      log: new RecordingLog(),
    });
  }

  beforeEach(() => {
    clock = new FakeClock();
    sessions = new FakeSessions();
    notifier = new FakeNotifier();
    lifecycle = new FakeLifecycle();
    ran = [];
    kept = new Map();
    living = new Set();
    toldOtherwise = new Set();
    settings = checkSettings(emptySettings, inEnglish).settings;
    changed = new Emitter<Settings>(fail);
    prompter = open();
  });
  afterEach(() => {
    prompter.dispose();
    assert.equal(clock.pendingTimers, 0);
  });

  it('comes within the hour though somebody has set the clock back by a year', async () => {
    sessions.become(died());
    await clock.advance(SETTLE_MS);
    await notifier.press('Not Now');
    await clock.set(-365 * 24 * HOUR);
    // A timer of more than 24 days would run out at once, and again and again.
    assert.ok(clock.longestTimer <= HOUR);
    sessions.become(...sessions.all());
    await clock.advance(HOUR);
    assert.ok(clock.longestTimer <= HOUR);
    assert.equal(notifier.messages.length, 2);
  });

  it('comes once for a session that died, a moment after', async () => {
    sessions.become(died());
    await clock.advance(SETTLE_MS - 1);
    assert.deepEqual(notifier.messages, []);
    await clock.advance(1);
    assert.deepEqual(notifier.messages, ['The session of acme/shop on laptop fell silent. Recover it here?']);
    assert.deepEqual(notifier.labels(), ['Recover', 'Not Now', 'Never for This One']);
    sessions.become(...sessions.list);
    await clock.advance(120 * MINUTE);
    assert.equal(notifier.notices.length, 1);
  });

  it('does not come for one that beats again at once, as after a sleep', async () => {
    const session = died();
    sessions.become(session);
    await clock.advance(SETTLE_MS - 1);
    sessions.become({ ...session, status: 'active', health: 'healthy' });
    await clock.advance(MINUTE);
    assert.deepEqual(notifier.messages, []);
  });

  it('does not come as long as the agent of a silent session is known to live', async () => {
    const session = died();
    living.add(session.session_id);
    sessions.become(session);
    await clock.advance(HOUR);
    assert.deepEqual(notifier.messages, []);
    living.clear();
    sessions.become(session);
    await clock.advance(SETTLE_MS);
    assert.deepEqual(notifier.messages, ['The session of acme/shop on laptop fell silent. Recover it here?']);
  });

  it('comes for one that failed, whatever lives', async () => {
    const session = died({ status: 'failed', health: 'ended' });
    living.add(session.session_id);
    sessions.become(session);
    await clock.advance(SETTLE_MS);
    assert.equal(notifier.messages.length, 1);
  });

  it('runs the recovery of that session', async () => {
    const session = died();
    sessions.become(session);
    await clock.advance(SETTLE_MS);
    await notifier.press('Recover');
    assert.deepEqual(ran, [['claudeProjects.recoverSession', session.session_id]]);
  });

  it('comes again after 5 minutes, then 10, 20, 40, and then every hour', async () => {
    sessions.become(died());
    await clock.advance(SETTLE_MS);
    for (const minutes of [5, 10, 20, 40, 60, 60]) {
      const asked = notifier.notices.length;
      await notifier.press('Not Now');
      await clock.advance(minutes * MINUTE - 1);
      assert.equal(notifier.notices.length, asked, `after ${minutes} minutes less a moment`);
      await clock.advance(1);
      assert.equal(notifier.notices.length, asked + 1, `after ${minutes} minutes`);
    }
  });

  it('counts as answered with "not now" when it is closed', async () => {
    sessions.become(died());
    await clock.advance(SETTLE_MS);
    notifier.last.dismissed?.();
    await clock.advance(5 * MINUTE);
    assert.equal(notifier.notices.length, 2);
  });

  it('begins anew when the session lived in between', async () => {
    const session = died();
    sessions.become(session);
    await clock.advance(SETTLE_MS);
    await notifier.press('Not Now');
    sessions.become({ ...session, status: 'active', health: 'healthy' });
    await clock.advance(0);
    sessions.become(session);
    await clock.advance(SETTLE_MS);
    assert.equal(notifier.notices.length, 2);
  });

  it('does not come for a session that was dismissed', async () => {
    const session = died();
    sessions.become(session);
    await dismissed.add([session.session_id]);
    await clock.advance(SETTLE_MS);
    assert.deepEqual(notifier.messages, []);
    await dismissed.remove([session.session_id]);
    await clock.advance(SETTLE_MS);
    assert.equal(notifier.messages.length, 1);
  });

  it('does not come for a session that another notice is about', async () => {
    const [one, other] = [died(), died({ project_id: 'acme/web' })];
    toldOtherwise.add(one.session_id);
    sessions.become(one, other);
    await clock.advance(SETTLE_MS);
    assert.deepEqual(notifier.messages, ['The session of acme/web on laptop fell silent. Recover it here?']);
    await clock.advance(120 * MINUTE);
    assert.equal(notifier.notices.length, 1);
  });

  it('names what the session is about', async () => {
    sessions.become(died({ metadata: { title: 'Add a cart' } }));
    await clock.advance(SETTLE_MS);
    assert.deepEqual(notifier.messages, [
      'The session of acme/shop (Add a cart) on laptop fell silent. Recover it here?',
    ]);
  });

  it('never comes again after "never", nor after a restart', async () => {
    const session = died();
    sessions.become(session);
    await clock.advance(SETTLE_MS);
    await notifier.press('Never for This One');
    await clock.advance(120 * MINUTE);
    prompter.dispose();
    prompter = open();
    await clock.advance(120 * MINUTE);
    assert.equal(notifier.notices.length, 1);
    assert.match(JSON.stringify([...kept]), new RegExp(session.session_id));
  });

  it('is one for several that died together', async () => {
    const three = [died(), died({ project_id: 'acme/web' }), died({ status: 'failed', health: 'ended' })];
    sessions.become(...three);
    await clock.advance(SETTLE_MS);
    assert.deepEqual(notifier.messages, ['3 sessions died: acme/shop, acme/web. Recover them here?']);
    await notifier.press('Recover…');
    assert.deepEqual(ran, [['claudeProjects.recoverSession']]);
    await notifier.press('Never for These');
    await clock.advance(120 * MINUTE);
    assert.equal(notifier.notices.length, 1);
  });

  it('does not come with prompting off, and comes when it is put on', async () => {
    settings = checkSettings({ ...emptySettings, 'recovery.prompt': 'never' }, inEnglish).settings;
    sessions.become(died());
    await clock.advance(60 * MINUTE);
    assert.deepEqual(notifier.messages, []);
    settings = checkSettings(emptySettings, inEnglish).settings;
    changed.fire(settings);
    await clock.advance(SETTLE_MS);
    assert.equal(notifier.notices.length, 1);
  });
});
