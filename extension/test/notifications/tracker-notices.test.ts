import assert from 'node:assert/strict';
import type { TrackerState } from '../../src/lifecycle/tracker.ts';
import { TrackerNotices } from '../../src/notifications/tracker-notices.ts';
import { inEnglish } from '../../src/platform/localize.ts';
import { FakeLifecycle, FakeTracker } from '../commands/support/fake-lifecycle.ts';
import { FakeSessions } from '../commands/support/fake-sessions.ts';
import { FakeNotifier } from '../commands/support/fake-ui.ts';
import { RecordingLog } from '../support/recording-log.ts';
import { sampleSession } from '../support/sample-session.ts';

describe("notices about this window's sessions", () => {
  let lifecycle: FakeLifecycle;
  let sessions: FakeSessions;
  let notifier: FakeNotifier;
  let log: RecordingLog;
  let ran: unknown[][];
  let tracker: FakeTracker;

  beforeEach(() => {
    lifecycle = new FakeLifecycle();
    sessions = new FakeSessions();
    notifier = new FakeNotifier();
    log = new RecordingLog();
    ran = [];
    tracker = new FakeTracker();
    const run = async (...call: unknown[]) => void ran.push(call);
    const notices = new TrackerNotices({ lifecycle, sessions, notifier, run, localize: inEnglish, log });
    assert.ok(notices);
  });

  function become(state: TrackerState, who: FakeTracker = tracker): void {
    who.state = state;
    lifecycle.changed.fire(who);
  }

  it('name the successor of one that was recovered elsewhere, once, and show it', async () => {
    const end = { reason: 'recovered-elsewhere', successorSessionId: 'next' } as const;
    become({ kind: 'ended', end });
    become({ kind: 'ended', end });
    assert.deepEqual(notifier.messages, [
      'The session of acme/shop was recovered elsewhere, as next. Stop the work here.',
    ]);
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

  it('offer to see who holds the place, and to recover that where it seems dead', async () => {
    const healthy = sampleSession();
    const late = sampleSession({ health: 'late' });
    sessions.list = [healthy, late];
    become({ kind: 'untracked', conflictingSessionId: healthy.session_id });
    become({ kind: 'untracked', conflictingSessionId: healthy.session_id });
    assert.equal(notifier.notices.length, 1);
    assert.deepEqual(notifier.labels(), ['Show']);
    become({ kind: 'untracked', conflictingSessionId: late.session_id }, new FakeTracker());
    assert.deepEqual(notifier.labels(), ['Recover', 'Show']);
    await notifier.press('Recover');
    assert.deepEqual(ran, [['claudeProjects.recoverSession', late.session_id]]);
    become({ kind: 'untracked', conflictingSessionId: undefined }, new FakeTracker());
    assert.deepEqual(notifier.labels(), []);
  });
});
