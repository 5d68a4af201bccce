import { randomUUID } from 'node:crypto';
import type { Connection } from '../../../src/connection/connection.ts';
import { inEnglish } from '../../../src/platform/localize.ts';
import { Recovery } from '../../../src/recovery/recovery.ts';
import { FakeLifecycle } from '../../commands/support/fake-lifecycle.ts';
import { FakeSessions, FakeTree } from '../../commands/support/fake-sessions.ts';
import { FakeNotifier, FakeUi } from '../../commands/support/fake-ui.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { type FakePlaces, fakePlaces } from '../../support/fake-places.ts';
import { RecordingLog } from '../../support/recording-log.ts';
import { sampleLabels } from '../../support/sample-labels.ts';

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
  /** Where the conversation of Claude Code is, if there is one. */
  conversation: 'here' | 'elsewhere' | undefined;
  readonly recovery: Recovery;
  readonly places: FakePlaces;

  constructor(connection: Pick<Connection, 'call'>, machineId: string, dockerSlot?: number) {
    const { ui, notifier, lifecycle, sessions, tree, clock, log } = this;
    this.places = fakePlaces(machineId, dockerSlot);
    this.recovery = new Recovery({
      ui,
      notifier,
      lifecycle,
      sessions,
      tree,
      labels: sampleLabels(),
      clock,
      log,
      connection,
      claude: { conversationOf: async () => this.conversation },
      localize: inEnglish,
      random: { fraction: () => 0.5, uuid: () => randomUUID() },
      run: async (...call) => void this.ran.push(call),
      places: this.places,
    });
  }
}
