import assert from 'node:assert/strict';
import type { TrackerState } from '../../src/lifecycle/tracker.ts';
import { TrackerNotices } from '../../src/notifications/tracker-notices.ts';
import { inEnglish } from '../../src/platform/localize.ts';
import { FakeLifecycle, FakeTracker } from '../commands/support/fake-lifecycle.ts';
import { FakeNotifier } from '../commands/support/fake-ui.ts';
import { RecordingLog } from '../support/recording-log.ts';

describe("notices about this window's sessions", () => {
  let lifecycle: FakeLifecycle;
  let notifier: FakeNotifier;
  let log: RecordingLog;
  let ran: unknown[][];
  let tracker: FakeTracker;

  beforeEach(() => {
    lifecycle = new FakeLifecycle();
    notifier = new FakeNotifier();
    log = new RecordingLog();
    ran = [];
    tracker = new FakeTracker();
    const run = async (...call: unknown[]) => void ran.push(call);
    const notices = new TrackerNotices({ lifecycle, notifier, run, localize: inEnglish, log });
    assert.ok(notices);
  });

  function become(state: TrackerState, who: FakeTracker = tracker): void {
    who.state = state;
    lifecycle.changed.fire(who);
  }

  it('show the successor of one that was recovered elsewhere, once, without its id', async () => {
    const end = { reason: 'recovered-elsewhere', successorSessionId: 'next' } as const;
    become({ kind: 'ended', end });
    become({ kind: 'ended', end });
    assert.deepEqual(notifier.messages, ['The session of acme/shop was recovered elsewhere. Stop the work here.']);
    await notifier.press('Show');
    assert.deepEqual(ran, [['claudeProjects.showSessionDetails', 'next']]);
  });

  it('come for one that somebody else ended or another window took over', () => {
    become({ kind: 'ended', end: { reason: 'ended-elsewhere' } });
    become({ kind: 'ended', end: { reason: 'taken-over' } }, new FakeTracker());
    assert.equal(notifier.notices.length, 2);
  });

  it('do not come for an end that was ours, nor for one that recovery asks about', () => {
    become({ kind: 'ended', end: { reason: 'completed' } });
    become({ kind: 'ended', end: { reason: 'failed', message: 'x' } }, new FakeTracker());
    become({ kind: 'ended', end: { reason: 'stalled' } }, new FakeTracker());
    assert.deepEqual(notifier.messages, []);
  });

  it('leave a server that is away to the log, each time it goes', () => {
    become({ kind: 'running' });
    become({ kind: 'degraded', since: 0, before: 'running' });
    become({ kind: 'degraded', since: 0, before: 'running' });
    assert.equal(log.lines.length, 1);
    become({ kind: 'running' });
    become({ kind: 'degraded', since: 0, before: 'running' });
    assert.equal(log.lines.length, 2);
    assert.deepEqual(notifier.messages, []);
  });

  it('say once why the API refuses a session', async () => {
    become({ kind: 'refused', reason: 'metadata is wrong' });
    become({ kind: 'refused', reason: 'metadata is wrong' });
    assert.equal(notifier.notices.length, 1);
    assert.match(notifier.last.message, /^The API refuses the session of acme\/shop.* metadata is wrong$/);
    await notifier.press('Show Log');
    assert.deepEqual(ran, [['claudeProjects.showLog']]);
  });
});
