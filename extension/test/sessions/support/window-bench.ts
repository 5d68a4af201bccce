import { WindowLifecycle } from '../../../src/lifecycle/window-lifecycle.ts';
import { systemRandom } from '../../../src/platform/random.ts';
import type { SessionChanges } from '../../../src/sessions/session-changes.ts';
import { WindowSessions } from '../../../src/sessions/window-sessions.ts';
import { type FakeHeldSession, FakeJournals } from '../../support/fake-journals.ts';
import { fakePlaces } from '../../support/fake-places.ts';
import { StoreBench } from './store-bench.ts';

/** The sessions of a window: a fake API, with a real lifecycle that records changes. */
export class WindowBench extends StoreBench {
  readonly journals = new FakeJournals();
  readonly lifecycle: WindowLifecycle;
  readonly sessions: WindowSessions;
  readonly toldOfWindow: SessionChanges[] = [];

  constructor() {
    super();
    const { store, journals, connection, clock, log } = this;
    this.lifecycle = new WindowLifecycle({
      sessions: store,
      journals,
      connection,
      clock,
      log,
      random: systemRandom,
      settings: { current: { dockerSlot: undefined, heartbeatIntervalSeconds: 60 } },
      places: fakePlaces(),
    });
    this.sessions = new WindowSessions({ store, lifecycle: this.lifecycle, log });
    this.sessions.onDidChangeSessions((changes) => this.toldOfWindow.push(changes));
  }

  async start() {
    const started = await this.lifecycle.start({});
    if (!started.ok) throw new Error(started.problem.message);
    return started.value;
  }

  get held(): FakeHeldSession {
    return this.journals.last;
  }

  takeToldOfWindow(): SessionChanges[] {
    return this.toldOfWindow.splice(0);
  }

  override dispose(): void {
    this.sessions.dispose();
    this.lifecycle.dispose();
    super.dispose();
  }
}
