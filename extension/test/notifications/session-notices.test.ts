import assert from 'node:assert/strict';
import type { Session } from '@claude-projects/shared/client';
import { GATHER_MS, SessionNotices } from '../../src/notifications/session-notices.ts';
import { inEnglish } from '../../src/platform/localize.ts';
import { FakeSessions } from '../commands/support/fake-sessions.ts';
import { FakeNotifier } from '../commands/support/fake-ui.ts';
import { FakeClock, HOUR, MINUTE } from '../support/fake-clock.ts';
import { sampleLabels } from '../support/sample-labels.ts';
import { sampleSession } from '../support/sample-session.ts';

describe('notices about sessions', () => {
  let clock: FakeClock;
  let sessions: FakeSessions;
  let notifier: FakeNotifier;
  let ran: unknown[][];
  let toldOtherwise: string[];
  let notices: SessionNotices;

  const well = sampleSession();
  const other = sampleSession({ project_id: 'acme/web' });
  const waiting = (session: Session): Session => ({ ...session, health: 'waiting', activity: 'waiting_for_input' });
  const stalled = (session: Session): Session => ({ ...session, health: 'stalled', status: 'stalled' });

  async function see(...list: Session[]): Promise<void> {
    sessions.become(...list);
    await clock.advance(GATHER_MS);
  }

  beforeEach(() => {
    clock = new FakeClock();
    sessions = new FakeSessions();
    notifier = new FakeNotifier();
    ran = [];
    toldOtherwise = [];
    notices = new SessionNotices({
      sessions,
      labels: sampleLabels(),
      clock,
      notifier,
      isOwn: ({ machine_id }) => machine_id === 'laptop',
      isToldOtherwise: (_session, attention) => toldOtherwise.includes(attention),
      run: async (...call) => void ran.push(call),
      localize: inEnglish,
    });
  });
  afterEach(() => {
    notices.dispose();
    assert.equal(clock.pendingTimers, 0);
  });

  it('come once for each transition', async () => {
    await see(well);
    await see(waiting(well));
    await see(waiting({ ...well, updated_at: '2026-03-01T09:01:00.000Z' }));
    assert.deepEqual(notifier.messages, ['The session of acme/shop asked for your input.']);
    await notifier.press('Show Session');
    assert.deepEqual(ran, [['claudeProjects.showSessionDetails', well.session_id]]);
    await see(stalled(well));
    await see({ ...well, status: 'failed', health: 'ended' });
    assert.deepEqual(notifier.messages.slice(1), [
      'The session of acme/shop fell silent.',
      'The session of acme/shop failed.',
    ]);
  });

  it('say what is asked for', async () => {
    await see(well);
    await see({ ...waiting(well), activity_detail: 'May I delete it?' });
    assert.deepEqual(notifier.messages, ['The session of acme/shop asked for your input: May I delete it?']);
  });

  it('do not come for what is over before they would', async () => {
    await see(well, other);
    sessions.become(waiting(well), stalled(other));
    await clock.advance(GATHER_MS / 2);
    await see(well, stalled(other));
    assert.deepEqual(notifier.messages, ['The session of acme/web fell silent.']);
  });

  it('do not come for how things stand when they are first seen', async () => {
    await see(waiting(well), stalled(other));
    await see(waiting(well), stalled(other), waiting(sampleSession()));
    assert.deepEqual(notifier.messages, []);
  });

  it('do not come for other machines, for what is told otherwise, nor for what is over', async () => {
    const foreign = sampleSession({ machine_id: 'elsewhere' });
    toldOtherwise = ['stalled'];
    await see(well, other, foreign);
    await see(stalled(well), { ...other, status: 'failed', health: 'ended', recovered_by: 'x' }, waiting(foreign));
    assert.deepEqual(notifier.messages, []);
  });

  it('come in one for several at a time', async () => {
    await see(well, other);
    await see(waiting(well), stalled(other));
    assert.deepEqual(notifier.messages, ['2 sessions need attention.']);
    await notifier.press('Show Sessions');
    assert.deepEqual(ran, [['claudeProjects.sessions.focus']]);
  });

  it('do not stay away for as long as somebody has set the clock back', async () => {
    await see(well);
    await see(waiting(well));
    await see(well);
    await clock.set(-24 * HOUR);
    await clock.advance(HOUR);
    await see(waiting(well));
    assert.equal(notifier.messages.length, 2);
  });

  it('back off from a session that flaps', async () => {
    let told = 0;
    for (let minute = 0; minute < 60; minute += 1) {
      await see(well);
      await see(waiting(well));
      await clock.advance(MINUTE - 2 * GATHER_MS);
    }
    told = notifier.notices.length;
    // At 0, 5, 15 and 35 minutes.
    assert.equal(told, 4);
  });

  it('come as at first after a long calm', async () => {
    await see(well);
    await see(waiting(well));
    await see(well);
    await clock.advance(3 * HOUR);
    await see(waiting(well));
    await see(well);
    await clock.advance(5 * MINUTE);
    await see(waiting(well));
    assert.equal(notifier.notices.length, 3);
  });
});
