import assert from 'node:assert/strict';
import { CommandContext } from '../../src/commands/command-context.ts';
import { inEnglish } from '../../src/platform/localize.ts';
import { SessionLabels } from '../../src/sessions/session-labels.ts';
import { WindowSessions } from '../../src/sessions/window-sessions.ts';
import { StoredApiKeys } from '../../src/settings/api-keys.ts';
import { checkSettings } from '../../src/settings/check-settings.ts';
import { SessionsTreeModel } from '../../src/tree/sessions-tree-model.ts';
import { attentionOf } from '../sessions/support/attention.ts';
import { StoreBench } from '../sessions/support/store-bench.ts';
import { emptySettings } from '../settings/support/empty-settings.ts';
import { FakeSecrets } from '../settings/support/fake-secrets.ts';
import { FakeClaude } from '../support/fake-claude.ts';
import { FakeLifecycle, FakeTask, FakeTracker } from './support/fake-lifecycle.ts';

const KEY = '3b241101-e2bb-4255-8caf-4136c566a962';
const TARGETS = ['hasArchivable', 'hasDeletable', 'hasLiveSession', 'hasRecoverable', 'hasSessions'];

describe('the context of commands', () => {
  let bench: StoreBench;
  let lifecycle: FakeLifecycle;
  let secrets: FakeSecrets;
  let attention: ReturnType<typeof attentionOf>;
  let keys: StoredApiKeys;
  let sessions: WindowSessions;
  let model: SessionsTreeModel;
  let context: CommandContext;
  let set: [key: string, value: boolean][];

  beforeEach(() => {
    bench = new StoreBench();
    lifecycle = new FakeLifecycle();
    secrets = new FakeSecrets();
    keys = new StoredApiKeys(secrets, {}, (error) => assert.fail(String(error)));
    set = [];
    const { store, connection, clock, log } = bench;
    const { settings } = checkSettings(emptySettings, inEnglish);
    // No own session has undelivered changes.
    const never = () => ({ dispose: () => undefined });
    sessions = new WindowSessions({
      store,
      lifecycle: { ownSession: () => undefined, onDidChangeOwn: never, onDidLearn: never },
      log,
    });
    attention = attentionOf(store);
    model = new SessionsTreeModel({
      store: sessions,
      labels: new SessionLabels({ store: sessions, lifecycle }),
      claude: new FakeClaude(),
      needsYou: attention.needsYou,
      dismissals: attention.dismissals,
      connection,
      lifecycle,
      clock,
      log,
      localize: inEnglish,
      settings: { current: settings, onDidChange: () => ({ dispose: () => undefined }) },
    });
    context = new CommandContext({
      sessions,
      lifecycle,
      keys,
      model,
      log,
      setContext: async (key, value) => void set.push([key.replace('claudeProjects.', ''), value]),
    });
  });
  afterEach(() => {
    context.dispose();
    sessions.dispose();
    model.dispose();
    attention.dispose();
    keys.dispose();
    bench.dispose();
  });

  /** The context keys that are true. */
  function on(): string[] {
    return [...new Map(set)].flatMap(([key, value]) => (value ? key : [])).toSorted();
  }
  const isOn = (key: string) => on().includes(key);

  it('counts what was not read yet as present, and does not read the keychain', () => {
    secrets.get = assert.fail;
    assert.deepEqual(on(), [...TARGETS, 'hasStoredKey'].toSorted());
  });

  it('has nothing to act on where there are no sessions', async () => {
    await bench.store.refresh();
    assert.deepEqual(
      on().filter((key) => key !== 'hasStoredKey'),
      [],
    );
  });

  it('follows what the sessions allow', async () => {
    const expected = new Map([
      [bench.session(), ['hasDeletable', 'hasLiveSession', 'hasSessions']],
      [
        bench.session({ status: 'failed', health: 'ended' }),
        ['hasArchivable', 'hasDeletable', 'hasRecoverable', 'hasSessions'],
      ],
      [bench.session({ status: 'completed', health: 'ended' }), ['hasArchivable', 'hasDeletable', 'hasSessions']],
    ]);
    for (const [session, keysOn] of expected) {
      bench.api.sessions = [session];
      await bench.store.refresh();
      assert.deepEqual(
        on().filter((key) => TARGETS.includes(key)),
        keysOn,
        session.status,
      );
    }
  });

  it('cannot delete what this window tracks', async () => {
    const session = bench.session();
    bench.api.sessions = [session];
    const tracker = new FakeTracker(session.project_id, session.session_id);
    lifecycle.trackers = [tracker];
    await bench.store.refresh();
    assert.ok(isOn('hasOwnSession'));
    assert.ok(!isOn('hasDeletable'));
  });

  it('follows this window’s session and its tasks', () => {
    const tracker = new FakeTracker();
    const change = (trackers: FakeTracker[], ...tasks: FakeTask[]) => {
      tracker.tasks = tasks;
      lifecycle.trackers = trackers;
      lifecycle.changed.fire(tracker);
      return on().filter((key) => key.startsWith('hasOwn'));
    };
    assert.deepEqual(change([tracker]), ['hasOwnSession']);
    assert.deepEqual(change([tracker], new FakeTask('a', 'completed')), ['hasOwnSession']);
    assert.deepEqual(change([tracker], new FakeTask('a', 'pending')), ['hasOwnOpenTask', 'hasOwnSession']);
    assert.deepEqual(change([tracker], new FakeTask('a', 'in_progress')), [
      'hasOwnOpenTask',
      'hasOwnRunningTask',
      'hasOwnSession',
    ]);
    assert.deepEqual(change([]), []);
  });

  it('knows a stored key, and its end', async () => {
    await bench.store.refresh();
    await Promise.resolve();
    assert.ok(!isOn('hasStoredKey'));
    await keys.set(KEY);
    await new Promise(setImmediate);
    assert.ok(isOn('hasStoredKey'));
    await keys.clear();
    await new Promise(setImmediate);
    assert.ok(!isOn('hasStoredKey'));
  });

  it('knows whether a filter is on, and sets no key twice', () => {
    model.setFilter('shop');
    assert.ok(isOn('isFiltered'));
    model.setFilter('web');
    model.setFilter('');
    assert.ok(!isOn('isFiltered'));
    assert.equal(set.filter(([key]) => key === 'isFiltered').length, 3);
  });
});
