import assert from 'node:assert/strict';
import { watchSessions } from '../../src/notifications/watch-sessions.ts';
import type { Disposable } from '../../src/platform/disposable.ts';
import { KeptIds } from '../../src/platform/kept-ids.ts';
import { inEnglish } from '../../src/platform/localize.ts';
import { SETTLE_MS } from '../../src/recovery/prompt-schedule.ts';
import { checkSettings } from '../../src/settings/check-settings.ts';
import { FakeLifecycle } from '../commands/support/fake-lifecycle.ts';
import { FakeSessions } from '../commands/support/fake-sessions.ts';
import { FakeNotifier } from '../commands/support/fake-ui.ts';
import { emptySettings } from '../settings/support/empty-settings.ts';
import { FakeClaude } from '../support/fake-claude.ts';
import { FakeClock, MINUTE } from '../support/fake-clock.ts';
import { RecordingLog } from '../support/recording-log.ts';
import { sampleLabels } from '../support/sample-labels.ts';
import { sampleSession } from '../support/sample-session.ts';

describe('what a window that opens tells of sessions', () => {
  let watching: Disposable | undefined;
  afterEach(() => watching?.dispose());

  it('waits for all that their agents told while no window was open', async () => {
    const clock = new FakeClock();
    const sessions = new FakeSessions();
    const notifier = new FakeNotifier();
    const settled = Promise.withResolvers<void>();
    const fail = (error: unknown) => {
      throw error;
    };
    const kept = (name: string) =>
      new KeptIds({ get: () => undefined, update: async () => undefined }, name, 500, fail);
    watching = watchSessions({
      clock,
      sessions,
      notifier,
      lifecycle: new FakeLifecycle(),
      agents: { settled: () => settled.promise, livenessOf: async () => 'unknown' },
      claude: new FakeClaude(),
      labels: sampleLabels(),
      never: kept('never'),
      dismissals: kept('dismissed'),
      isToldOtherwise: async () => false,
      settings: {
        current: checkSettings(emptySettings, inEnglish).settings,
        onDidChange: () => ({ dispose: () => undefined }),
      },
      places: {
        current: async () => ({ projectId: 'acme/shop', machineId: 'laptop', hostname: 'laptop', workspaceId: 'here' }),
      },
      run: async () => undefined,
      localize: inEnglish,
      log: new RecordingLog(),
    });
    sessions.become(sampleSession({ status: 'stalled', health: 'stalled' }));
    await clock.advance(MINUTE);
    assert.deepEqual(notifier.messages, []);
    settled.resolve();
    await clock.advance(SETTLE_MS);
    assert.deepEqual(notifier.messages, ['The session of acme/shop on laptop fell silent. Recover it here?']);
  });
});
