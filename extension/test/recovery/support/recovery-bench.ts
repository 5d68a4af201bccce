import { randomUUID } from 'node:crypto';
import type { Connection } from '../../../src/connection/connection.ts';
import { inEnglish } from '../../../src/platform/localize.ts';
import { Recovery } from '../../../src/recovery/recovery.ts';
import { checkSettings } from '../../../src/settings/check-settings.ts';
import { FakeLifecycle } from '../../commands/support/fake-lifecycle.ts';
import { FakeSessions, FakeTree } from '../../commands/support/fake-sessions.ts';
import { FakeNotifier, FakeUi } from '../../commands/support/fake-ui.ts';
import { emptySettings } from '../../settings/support/empty-settings.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { RecordingLog } from '../../support/recording-log.ts';

/** A window on a machine that recovers sessions. */
export class RecoveryBench {
  readonly ui = new FakeUi();
  readonly notifier = new FakeNotifier();
  readonly lifecycle = new FakeLifecycle();
  readonly sessions = new FakeSessions();
  readonly tree = new FakeTree();
  readonly clock = new FakeClock();
  readonly log = new RecordingLog();
  readonly ran: unknown[][] = [];
  readonly recovery: Recovery;

  constructor(connection: Pick<Connection, 'call'>, machineId: string, dockerSlot?: number) {
    const { ui, notifier, lifecycle, sessions, tree, clock, log } = this;
    this.recovery = new Recovery({
      ui,
      notifier,
      lifecycle,
      sessions,
      tree,
      clock,
      log,
      connection,
      localize: inEnglish,
      random: { fraction: () => 0.5, uuid: () => randomUUID() },
      run: async (...call) => void this.ran.push(call),
      places: {
        current: async () => ({ projectId: 'acme/shop', machineId, hostname: machineId, workspaceId: 'here' }),
      },
      settings: { current: checkSettings({ ...emptySettings, dockerSlot }, inEnglish).settings },
    });
  }
}
