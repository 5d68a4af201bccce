import type { Connection } from '../connection/connection.ts';
import type { Lifecycle } from '../lifecycle/lifecycle.ts';
import { type Disposable, Disposables } from '../platform/disposable.ts';
import { Emitter, type Event } from '../platform/emitter.ts';
import { errorText } from '../platform/error-text.ts';
import type { Localize } from '../platform/localize.ts';
import type { Log } from '../platform/log.ts';
import type { NeedsYou } from '../sessions/needs-you.ts';
import type { SessionLabels } from '../sessions/session-labels.ts';
import { type StatusText, statusText } from './status-text.ts';

export interface StatusBarModelParts {
  readonly lifecycle: Pick<Lifecycle, 'trackers' | 'onDidStart' | 'onDidChange'>;
  readonly connection: Pick<Connection, 'state' | 'address' | 'onDidChange'>;
  readonly needsYou: Pick<NeedsYou, 'sessions' | 'onDidChange'>;
  readonly labels: Pick<SessionLabels, 'nameOf'>;
  readonly localize: Localize;
  readonly log: Log;
}

/** Says when the status bar shall show something else. */
export class StatusBarModel implements Disposable {
  readonly #parts: StatusBarModelParts;
  readonly #owned = new Disposables();
  readonly #changed: Emitter<StatusText | undefined>;
  #current: StatusText | undefined;

  constructor(parts: StatusBarModelParts) {
    this.#parts = parts;
    const { lifecycle, connection, needsYou, log } = parts;
    this.#changed = this.#owned.add(new Emitter((error) => log.error(`A listener failed: ${errorText(error)}`)));
    const look = () => this.#look();
    this.#owned.add(lifecycle.onDidStart(look));
    this.#owned.add(lifecycle.onDidChange(look));
    this.#owned.add(connection.onDidChange(look));
    this.#owned.add(needsYou.onDidChange(look));
    this.#look();
  }

  /** Undefined: nothing is shown. */
  get current(): StatusText | undefined {
    return this.#current;
  }

  get onDidChange(): Event<StatusText | undefined> {
    return this.#changed.event;
  }

  dispose(): void {
    this.#owned.dispose();
  }

  #look(): void {
    const { lifecycle, connection, needsYou, labels, localize } = this.#parts;
    const { state, address } = connection;
    const needYou = needsYou.sessions().map((session) => labels.nameOf(session));
    const next = statusText({ trackers: lifecycle.trackers, connection: state, address, needYou }, localize);
    if (JSON.stringify(next) === JSON.stringify(this.#current)) return;
    this.#current = next;
    this.#changed.fire(next);
  }
}
