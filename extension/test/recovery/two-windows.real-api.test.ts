import assert from 'node:assert/strict';
import { inEnglish } from '../../src/platform/localize.ts';
import { systemRandom } from '../../src/platform/random.ts';
import { Recovery } from '../../src/recovery/recovery.ts';
import type { OpenWindow } from '../claude-code/support/open-window.ts';
import { Stage } from '../claude-code/support/stage.ts';
import { FakeSessions, FakeTree } from '../commands/support/fake-sessions.ts';
import { FakeUi } from '../commands/support/fake-ui.ts';
import { eventually } from '../lifecycle/journals/support/eventually.ts';
import { temporaryFolder } from '../lifecycle/journals/support/temporary-folder.ts';
import { sampleLabels } from '../support/sample-labels.ts';

describe('a recovery that two windows ask for at once', function () {
  this.timeout(60_000);
  const root = temporaryFolder();
  let stage: Stage;

  beforeEach(async () => {
    stage = await Stage.set(root(), 'no hook');
  });

  afterEach(() => stage.clear());

  function open(workspaceId: string): { window: OpenWindow; recovery: Recovery; ui: FakeUi } {
    const window = stage.open({ workspaceId });
    const ui = new FakeUi();
    const { lifecycle, places, connection, notifier, log } = window;
    const parts = { lifecycle, places, connection, notifier, log, ui, localize: inEnglish, clock: stage.clock };
    const surroundings = {
      sessions: new FakeSessions(),
      labels: sampleLabels(),
      tree: new FakeTree(),
      random: systemRandom,
    };
    const recovery = new Recovery({ ...parts, ...surroundings, claude: window.claudeCode, run: async () => undefined });
    return { window, recovery, ui };
  }

  async function deadSession() {
    const place = { project_id: 'acme/shop', machine_id: 'laptop' };
    const { session_id } = await stage.client.createSession(place);
    return stage.client.markSessionFailed(session_id, { error_message: 'the power went' });
  }

  it('goes on in one window; the other says so, tracks nothing, and can recover it later', async () => {
    const both = [open('one'), open('other')];
    const dead = await deadSession();
    for (const { ui } of both) ui.answers.push('Recover');
    await Promise.all(both.map(({ recovery }) => recovery.recover(dead)));

    const holders = both.filter(({ window }) => window.lifecycle.trackers.length > 0);
    const [winner, ...others] = holders;
    const loser = both.find(({ window }) => window.lifecycle.trackers.length === 0);
    assert.ok(winner && loser);
    assert.deepEqual(others, []);
    const { recovered_by } = await stage.client.getSession(dead.session_id);
    const [tracker] = winner.window.lifecycle.trackers;
    assert.equal(tracker?.sessionId, recovered_by);
    assert.match(winner.window.notifier.last.message, /^The session of acme\/shop is recovered\./);
    assert.equal(
      loser.window.notifier.last.message,
      'Another window recovered the session of acme/shop at the same time. The session continues in that window.',
    );
    const beats = () => stage.line.passedOn.filter(({ line }) => line.includes('/heartbeat')).length;
    const before = beats();
    await stage.clock.advance(60_000);
    await eventually(
      () => beats() > before,
      () => `no heartbeat\n${stage.logs}`,
    );
    assert.ok((await tracker.startTask({ name: 'Goes on' })).ok);

    await stage.close(winner.window);
    await stage.client.markSessionStalled(tracker.sessionId, {});
    loser.ui.answers.push('Recover');
    await loser.recovery.recover(await stage.client.getSession(tracker.sessionId));
    assert.equal(loser.window.lifecycle.trackers.length, 1);
    assert.match(loser.window.notifier.last.message, /^The session of acme\/shop is recovered\./);
  });
});
