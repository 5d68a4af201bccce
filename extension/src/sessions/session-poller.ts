import type { Connection } from '../connection/connection.ts';
import { LONGEST_WAIT_MS } from '../connection/requested-wait.ts';
import type { Lifecycle } from '../lifecycle/lifecycle.ts';
import type { Clock } from '../platform/clock.ts';
import { type Disposable, Disposables } from '../platform/disposable.ts';
import type { Random } from '../platform/random.ts';
import type { SettingsSource } from '../settings/settings-source.ts';
import { pollDelayMs } from './polling-policy.ts';
import type { SessionStore } from './session-store.ts';

export interface SessionPollerParts {
  readonly store: Pick<
    SessionStore,
    'poll' | 'catchUp' | 'status' | 'isAnythingRunning' | 'onDidChangeSessions' | 'onDidLearn'
  >;
  readonly connection: Pick<Connection, 'state' | 'onDidChange'>;
  readonly lifecycle: Pick<Lifecycle, 'trackers' | 'onDidStart' | 'onDidChange'>;
  readonly settings: Pick<SettingsSource, 'current' | 'onDidChange'>;
  readonly clock: Clock;
  readonly random: Random;
}

/** Between two readings after changes. Replies show the changes already, and all windows share a key's rate limit. */
export const BETWEEN_READINGS_MS = 5000;

type Viewer = 'view' | 'pages';

/** Keeps the store as fresh as somebody needs it, with one timer. Never two readings at a time. */
export class SessionPoller implements Disposable {
  readonly #parts: SessionPollerParts;
  readonly #owned = new Disposables();
  #timer: Disposable | undefined;
  readonly #viewers = new Set<Viewer>();
  #isReading = false;
  /** When the last reading of ours ended. */
  #endedAt = Number.NEGATIVE_INFINITY;
  #isOverdue = false;
  /** The API took a change from this window, and nothing was read since. Matters while somebody looks. */
  #isBehind = false;
  #disposed = false;

  constructor(parts: SessionPollerParts) {
    this.#parts = parts;
    const { store, connection, lifecycle, settings } = parts;
    const plan = () => this.#plan();
    this.#owned.add(store.onDidChangeSessions(plan));
    this.#owned.add(
      store.onDidLearn(() => {
        this.#isBehind = true;
        this.#plan();
      }),
    );
    this.#owned.add(connection.onDidChange(() => this.#onConnection()));
    this.#owned.add(lifecycle.onDidStart(plan));
    this.#owned.add(lifecycle.onDidChange(plan));
    this.#owned.add(settings.onDidChange(plan));
    this.#plan();
  }

  /** Whether the view, or a page of a session, is to be seen. */
  setVisible(isVisible: boolean, viewer: Viewer = 'view'): void {
    if (isVisible === this.#viewers.has(viewer)) return;
    if (isVisible) this.#viewers.add(viewer);
    else this.#viewers.delete(viewer);
    this.#plan();
  }

  dispose(): void {
    this.#disposed = true;
    this.#timer?.dispose();
    this.#owned.dispose();
  }

  #onConnection(): void {
    // What failed is tried again as soon as there is reason to think that it succeeds.
    if (this.#parts.connection.state.kind === 'online' && this.#parts.store.status.failures > 0) {
      this.#isOverdue = true;
    }
    this.#plan();
  }

  #plan(): void {
    this.#timer?.dispose();
    this.#timer = undefined;
    if (this.#disposed || this.#isReading) return;
    const { clock } = this.#parts;
    const due = this.#due();
    if (due === undefined) return;
    this.#timer = clock.after(Math.max(0, due - clock.now()), () => this.#onTimer());
  }

  /** Somebody else may have had the sessions read meanwhile. */
  #onTimer(): void {
    const due = this.#due();
    if (due === undefined || due > this.#parts.clock.now()) this.#plan();
    else void this.#poll();
  }

  #due(): number | undefined {
    const { readAt = Number.NEGATIVE_INFINITY, notBefore, failures } = this.#parts.store.status;
    const delayMs = this.#delayMs();
    if (delayMs === undefined) return undefined;
    const now = this.#parts.clock.now();
    // What was read before was of another API.
    const isNew = readAt === Number.NEGATIVE_INFINITY && failures === 0;
    const last = isNew ? readAt : Math.max(this.#endedAt, readAt);
    // A reading of the future: somebody has set the clock back.
    const turn = this.#isOverdue || last > now ? now : last + (this.#mustCatchUp ? BETWEEN_READINGS_MS : delayMs);
    return notBefore - now > LONGEST_WAIT_MS ? turn : Math.max(turn, notBefore);
  }

  get #mustCatchUp(): boolean {
    return this.#isBehind && this.#viewers.size > 0 && this.#parts.store.status.failures === 0;
  }

  #delayMs(): number | undefined {
    const { store, connection, lifecycle, settings, random } = this.#parts;
    return pollDelayMs(
      {
        isVisible: this.#viewers.size > 0,
        isAnythingRunning: store.isAnythingRunning,
        isAnythingTracked: lifecycle.trackers.length > 0,
        refreshIntervalMs: settings.current.refreshIntervalSeconds * 1000,
        connection: connection.state,
        failures: store.status.failures,
      },
      random,
    );
  }

  async #poll(): Promise<void> {
    this.#isReading = true;
    this.#isOverdue = false;
    const { store } = this.#parts;
    const isBehind = this.#isBehind;
    this.#isBehind = false;
    try {
      await (isBehind ? store.catchUp() : store.poll());
    } finally {
      this.#isReading = false;
      this.#endedAt = this.#parts.clock.now();
      this.#plan();
    }
  }
}
