import type { Session } from '@claude-projects/shared/client';
import { type Disposable, Disposables } from '../platform/disposable.ts';
import { Emitter, type Event } from '../platform/emitter.ts';
import type { WorkspacePlace, WorkspacePlaces } from '../workspace/workspace-place.ts';
import type { Dismissals } from './dismissals.ts';
import { isOld, needsAttention } from './health.ts';
import type { SessionStore } from './session-store.ts';

export interface NeedsYouParts {
  readonly store: Pick<SessionStore, 'all' | 'vitals' | 'onDidChangeSessions'>;
  readonly places: Pick<WorkspacePlaces, 'current' | 'onDidChange'>;
  readonly dismissals: Pick<Dismissals, 'has' | 'onDidChange'>;
  readonly onFault: (error: unknown) => void;
}

/**
 * The sessions that the person at this window can act on: they need attention, belong to this machine or to the open
 * project, and were neither dismissed nor left for more than a day.
 */
export class NeedsYou implements Disposable {
  readonly #parts: NeedsYouParts;
  readonly #owned = new Disposables();
  readonly #changed: Emitter<void>;
  /** Undefined until the first sessions are known. */
  #place: WorkspacePlace | undefined;
  #isAsked = false;

  constructor(parts: NeedsYouParts) {
    this.#parts = parts;
    this.#changed = this.#owned.add(new Emitter(parts.onFault));
    const changed = () => this.#changed.fire();
    this.#owned.add(
      parts.store.onDidChangeSessions(() => {
        if (!this.#isAsked) void this.#readPlace();
        changed();
      }),
    );
    this.#owned.add(parts.dismissals.onDidChange(changed));
    this.#owned.add(
      parts.places.onDidChange(() => {
        if (this.#isAsked) void this.#readPlace();
      }),
    );
  }

  /** Fires when the sessions may have changed. It does not fire when a session becomes older than a day. */
  get onDidChange(): Event<void> {
    return this.#changed.event;
  }

  sessions(): readonly Session[] {
    const { store } = this.#parts;
    const { now } = store.vitals;
    return store.all().filter((session) => this.#isForThisPerson(session, now));
  }

  dispose(): void {
    this.#owned.dispose();
  }

  #isForThisPerson(session: Session, now: number): boolean {
    if (this.#place === undefined || !needsAttention(session) || isOld(session, now)) return false;
    if (this.#parts.dismissals.has(session.session_id)) return false;
    const { machineId, projectId } = this.#place;
    return session.machine_id === machineId || session.project_id === projectId;
  }

  async #readPlace(): Promise<void> {
    this.#isAsked = true;
    try {
      this.#place = await this.#parts.places.current();
      this.#changed.fire();
    } catch (error) {
      this.#isAsked = false;
      this.#parts.onFault(error);
    }
  }
}
