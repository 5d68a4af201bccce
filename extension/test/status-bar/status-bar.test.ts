import assert from 'node:assert/strict';
import type { Session } from '@claude-projects/shared/client';
import type { ConnectionState } from '../../src/connection/connection.ts';
import type { TrackerState } from '../../src/lifecycle/tracker.ts';
import { Emitter } from '../../src/platform/emitter.ts';
import { inEnglish } from '../../src/platform/localize.ts';
import { StatusBarModel } from '../../src/status-bar/status-bar-model.ts';
import { type StatusInput, statusText, type TrackedHere } from '../../src/status-bar/status-text.ts';
import { FakeLifecycle, FakeTracker } from '../commands/support/fake-lifecycle.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { RecordingLog } from '../support/recording-log.ts';
import { sampleLabels } from '../support/sample-labels.ts';
import { sampleSession } from '../support/sample-session.ts';
import { ScriptedApi, scriptedConnection } from '../support/scripted-api.ts';

const tracked = (changes: Partial<TrackedHere> = {}): TrackedHere => ({
  projectId: 'acme/shop',
  state: { kind: 'running' },
  activity: 'working',
  currentTask: undefined,
  title: undefined,
  ...changes,
});

const show = (changes: Partial<StatusInput> = {}) =>
  statusText({ trackers: [], connection: { kind: 'online' }, address: undefined, needYou: [], ...changes }, inEnglish);

describe('the status bar', () => {
  it('is silent while nothing is tracked and nothing was used', () => {
    assert.equal(show({ connection: { kind: 'unused' } }), undefined);
    assert.notEqual(show({ connection: { kind: 'unused' }, trackers: [tracked()] }), undefined);
  });

  it('says what this window tracks, how that is, and where the API is', () => {
    assert.deepEqual(
      show({
        trackers: [tracked({ currentTask: { name: 'Write the checkout' } })],
        address: { mode: 'local', baseUrl: 'http://127.0.0.1:4000' },
      }),
      {
        text: '$(pulse) acme/shop: Write the checkout',
        tooltip: 'acme/shop: working, works on Write the checkout.\nConnected to the local server.',
        spoken: 'Claude Projects. acme/shop: working, works on Write the checkout. Connected to the local server.',
        severity: 'normal',
      },
    );
    const none = show({ address: { mode: 'remote', baseUrl: 'https://example.com' } });
    assert.equal(none?.text, '$(pulse) Claude Projects');
    assert.equal(none?.tooltip, 'This window tracks no session.\nConnected to https://example.com.');
    assert.equal(show({ trackers: [tracked(), tracked()] })?.text, '$(pulse) 2 working');
  });

  it('tells the worst of what there is', () => {
    const states: readonly (readonly [TrackerState, string])[] = [
      [{ kind: 'starting' }, 'loading~spin normal'],
      [{ kind: 'running' }, 'pulse normal'],
      [{ kind: 'degraded', since: 0, before: 'running' }, 'debug-disconnect trouble'],
      [{ kind: 'refused', reason: 'no' }, 'circle-slash warning'],
      [{ kind: 'ending', end: { reason: 'completed' } }, 'sync normal'],
      [{ kind: 'ended', end: { reason: 'completed' } }, 'check normal'],
    ];
    for (const [state, expected] of states) assert.equal(brief({ trackers: [tracked({ state })] }), expected);
    assert.equal(brief({ trackers: [tracked(), tracked({ activity: 'waiting_for_input' })] }), 'question trouble');
  });

  it('says how many sessions need this person, and warns only then', () => {
    const status = show({ trackers: [tracked()], needYou: ['acme/shop (Add a cart)', 'acme/api'] });
    assert.equal(status?.text, '$(bell-dot) 2 need you');
    assert.equal(status?.severity, 'warning');
    assert.equal(
      status?.tooltip,
      'Needs you: acme/shop (Add a cart).\nNeeds you: acme/api.\nacme/shop: working.\nConnected.',
    );
    assert.match(status?.spoken ?? '', /^Claude Projects\. Needs you: acme\/shop \(Add a cart\)\. /);
    assert.equal(show({ needYou: ['acme/api'] })?.text, '$(bell-dot) 1 needs you');
    assert.match(show({ needYou: Array.from({ length: 337 }, () => 'acme/api') })?.tooltip ?? '', /^And 332 more\.$/m);
    const offline = { kind: 'offline', since: 0, reason: '' } as const;
    assert.equal(brief({ connection: offline, needYou: ['acme/api'] }), 'bell-dot warning');
    assert.equal(brief({ connection: { kind: 'key-refused', reason: '' }, needYou: ['acme/api'] }), 'key error');
  });

  it('tells sessions that work from those that are idle', () => {
    const idle = tracked({ activity: 'idle' });
    const alone = show({ trackers: [idle] });
    assert.equal(alone?.text, '$(circle-outline) acme/shop, idle');
    assert.match(alone?.spoken ?? '', /acme\/shop: idle\./);
    const several = show({ trackers: [idle, tracked(), tracked()] });
    assert.equal(several?.text, '$(pulse) 2 working, 1 idle');
    assert.equal(show({ trackers: [idle, idle] })?.text, '$(circle-outline) 2 idle');
    const asking = tracked({ activity: 'waiting_for_input' });
    assert.equal(show({ trackers: [idle, asking, tracked()] })?.text, '$(question) 1 working, 1 waiting, 1 idle');
  });

  it('says what the session is about once that is known', () => {
    const status = show({ trackers: [tracked({ title: 'Add a cart', currentTask: { name: 'Test it' } })] });
    assert.equal(status?.text, '$(pulse) acme/shop: Add a cart');
    assert.match(status?.tooltip ?? '', /^Add a cart \(acme\/shop\): working, works on Test it\.$/m);
  });

  it('tells what is wrong with the connection', () => {
    const states: readonly (readonly [ConnectionState, string])[] = [
      [{ kind: 'connecting' }, 'loading~spin normal'],
      [{ kind: 'offline', since: 0, reason: '' }, 'debug-disconnect trouble'],
      [{ kind: 'key-refused', reason: '' }, 'key error'],
      [{ kind: 'key-missing' }, 'key warning'],
      [{ kind: 'not-our-api', reason: '' }, 'error error'],
      [{ kind: 'unusable', reason: '' }, 'error error'],
    ];
    for (const [connection, expected] of states) assert.equal(brief({ connection }), expected);
  });

  it('shows a name as a name: no icon, and on one line', () => {
    const text = show({ trackers: [tracked({ projectId: `$(zap)\n${'x'.repeat(200)}` })] })?.text ?? '';
    assert.ok(text.startsWith('$(pulse) \\$(zap) xxx'));
    assert.ok(text.length < 60);
  });

  it('follows the window, and tells only what is new', async () => {
    const lifecycle = new FakeLifecycle();
    const log = new RecordingLog();
    const api = new ScriptedApi();
    const { connection } = scriptedConnection({ api, clock: new FakeClock(), log });
    const changed = new Emitter<void>((error) => assert.fail(String(error)));
    let needYou: readonly Session[] = [];
    const needsYou = { sessions: () => needYou, onDidChange: changed.event };
    const model = new StatusBarModel({
      lifecycle,
      connection,
      needsYou,
      labels: sampleLabels(),
      localize: inEnglish,
      log,
    });
    const texts: (string | undefined)[] = [];
    model.onDidChange((status) => texts.push(status?.text));
    assert.equal(model.current, undefined);
    const tracker = new FakeTracker();
    lifecycle.trackers.push(tracker);
    lifecycle.changed.fire(tracker);
    lifecycle.changed.fire(tracker);
    tracker.state = { kind: 'degraded', since: 0, before: 'running' };
    lifecycle.changed.fire(tracker);
    needYou = [sampleSession()];
    changed.fire();
    lifecycle.trackers = [];
    lifecycle.changed.fire(tracker);
    assert.deepEqual(texts, [
      '$(pulse) acme/shop',
      '$(debug-disconnect) acme/shop',
      '$(bell-dot) 1 needs you',
      undefined,
    ]);
    model.dispose();
    connection.dispose();
  });
});

function brief(changes: Partial<StatusInput>): string {
  const status = show(changes);
  const icon = /^\$\(([^)]+)\)/.exec(status?.text ?? '')?.[1];
  return `${icon} ${status?.severity}`;
}
