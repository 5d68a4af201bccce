import assert from 'node:assert/strict';
import type { Session } from '@claude-projects/shared/client';
import { GATHER_MS, SessionNotices } from '../../src/notifications/session-notices.ts';
import { inEnglish } from '../../src/platform/localize.ts';
import { FakeSessions } from '../commands/support/fake-sessions.ts';
import { FakeNotifier } from '../commands/support/fake-ui.ts';
import { FakeClaude } from '../support/fake-claude.ts';
import { FakeClock, HOUR, MINUTE, SECOND } from '../support/fake-clock.ts';
import { sampleLabels } from '../support/sample-labels.ts';
import { sampleSession } from '../support/sample-session.ts';

describe('notices about sessions', () => {
  let clock: FakeClock;
  let sessions: FakeSessions;
  let notifier: FakeNotifier;
  let ran: unknown[][];
  let toldOtherwise: string[];
  let claude: FakeClaude;
  let notices: SessionNotices;

  const well = sampleSession();
  const other = sampleSession({ project_id: 'acme/web' });
  const waiting = (session: Session, activity_detail: string | null = null): Session => ({
    ...session,
    health: 'waiting',
    activity: 'waiting_for_input',
    activity_detail,
  });
  const silent = (session: Session): Session => ({ ...session, health: 'stalled', status: 'active' });
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
    claude = new FakeClaude();
    notices = new SessionNotices({
      sessions,
      labels: sampleLabels(),
      claude,
      openedAt: clock.now() + SECOND,
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
    await see(waiting(well, 'May I delete it?'));
    assert.deepEqual(notifier.messages, ['The session of acme/shop asked for your input: May I delete it?']);
  });

  it('do not come for what is over before they would', async () => {
    await see(well, other);
    sessions.become(waiting(well), stalled(other));
    await clock.advance(GATHER_MS / 2);
    await see(well, stalled(other));
    assert.deepEqual(notifier.messages, ['The session of acme/web fell silent.']);
  });

  it('do not come for how things stood when the window was opened', async () => {
    await see(waiting(well), stalled(other));
    await see(waiting(well), stalled(other), waiting(sampleSession()));
    assert.deepEqual(notifier.messages, []);
  });

  it('come for a question of a session that began later, also where it asks when it is first seen', async () => {
    const later = { started_at: '2026-03-01T09:00:02.000Z' };
    await see(well);
    await see(well, waiting(sampleSession(later), 'Bash: npm test'), stalled(sampleSession(later)));
    assert.deepEqual(notifier.messages, ['The session of acme/shop asked for your input: Bash: npm test']);
  });

  describe('about questions', () => {
    const asked = (detail: string) => `The session of acme/shop asked for your input: ${detail}`;

    it('come within a second', async () => {
      assert.ok(GATHER_MS <= 0.5 * SECOND);
    });

    it('come one for each, however soon the next one follows', async () => {
      await see(well);
      await see(waiting(well, 'Bash: npm test'));
      await see(waiting(well, 'Write: cart.ts'));
      await see(well);
      await see(waiting(well, 'Write: cart.ts'));
      const details = ['Bash: npm test', 'Write: cart.ts', 'Write: cart.ts'];
      assert.deepEqual(notifier.messages, details.map(asked));
    });

    it('come once for one that is asked again within the same breath', async () => {
      await see(well);
      sessions.become(waiting(well, 'Bash: npm test'));
      sessions.become(well);
      await see(waiting(well, 'Bash: npm test'));
      assert.deepEqual(notifier.messages, [asked('Bash: npm test')]);
    });

    it('do not come for one that is answered already, and come for the one after it', async () => {
      await see(well);
      sessions.become(waiting(well, 'Bash: npm test'));
      await clock.advance(GATHER_MS - 1);
      await see(well);
      assert.deepEqual(notifier.messages, []);
      sessions.become(waiting(well, 'Bash: npm test'));
      await see(waiting(well, 'Write: cart.ts'));
      assert.deepEqual(notifier.messages, [asked('Write: cart.ts')]);
    });

    it('do not come again when a session that was silent is heard of again with the same one', async () => {
      await see(well);
      await see(waiting(well, 'Bash: npm test'));
      await see({ ...waiting(well, 'Bash: npm test'), health: 'stalled' });
      await see(waiting(well, 'Bash: npm test'));
      assert.deepEqual(notifier.messages, [asked('Bash: npm test'), 'The session of acme/shop fell silent.']);
    });

    it('come for one that was asked while the session was silent', async () => {
      await see(well);
      await see(silent(well));
      await see({ ...waiting(well, 'Bash: npm test'), health: 'stalled' });
      await see(waiting(well, 'Bash: npm test'));
      assert.deepEqual(notifier.messages, ['The session of acme/shop fell silent.', asked('Bash: npm test')]);
    });

    it('are as short as a sentence, and on one line', async () => {
      await see(well);
      await see(waiting(well, `one\ntwo ${'x'.repeat(500)}`));
      const [message = ''] = notifier.messages;
      assert.match(message, /: one two x+…$/);
      assert.ok(message.length < 300);
    });

    it('lead to the terminal of a session of Claude Code on this machine', async () => {
      claude.know(well.session_id);
      await see(well, other);
      await see(waiting(well, 'Bash: npm test'), other);
      await notifier.press('Show Terminal');
      assert.deepEqual(ran, [['claudeProjects.showTerminal', well.session_id]]);
      await see(waiting(well, 'Bash: npm test'), waiting(other, 'Edit: cart.ts'));
      assert.deepEqual(
        notifier.notices.at(-1)?.actions.map(({ label }) => label),
        ['Show Session'],
      );
    });
  });

  it('say why a session stopped, once while it is tried again and again', async () => {
    const byClaude = { ...well, metadata: { source: 'claude-code' } };
    const stopped: Session = { ...byClaude, activity: 'idle', activity_detail: 'API error: 529 Overloaded' };
    await see(byClaude);
    for (let attempt = 0; attempt < 6; attempt += 1) {
      await see(stopped);
      await see(byClaude);
    }
    assert.deepEqual(notifier.messages, ['The session of acme/shop stopped: API error: 529 Overloaded']);
    assert.equal(notifier.notices[0]?.severity, 'warning');
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
    await see(stalled(well));
    await see(well);
    await clock.set(-24 * HOUR);
    await clock.advance(HOUR);
    await see(stalled(well));
    assert.equal(notifier.messages.length, 2);
  });

  it('back off from a session that flaps', async () => {
    let told = 0;
    for (let minute = 0; minute < 60; minute += 1) {
      await see(well);
      await see(stalled(well));
      await clock.advance(MINUTE - 2 * GATHER_MS);
    }
    told = notifier.notices.length;
    // At 0, 5, 15 and 35 minutes.
    assert.equal(told, 4);
  });

  it('come as at first after a long calm', async () => {
    await see(well);
    await see(stalled(well));
    await see(well);
    await clock.advance(3 * HOUR);
    await see(stalled(well));
    await see(well);
    await clock.advance(5 * MINUTE);
    await see(stalled(well));
    assert.equal(notifier.notices.length, 3);
  });
});
