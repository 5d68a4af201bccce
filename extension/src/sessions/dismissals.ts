import type { Session } from '@claude-projects/shared/client';
import { type Disposable, Disposables } from '../platform/disposable.ts';
import type { Event } from '../platform/emitter.ts';
import type { KeptIds } from '../platform/kept-ids.ts';
import { isOld, needsAttention } from './health.ts';
import type { SessionStore } from './session-store.ts';

export interface DismissalsParts {
  readonly store: Pick<SessionStore, 'all' | 'find' | 'status' | 'vitals' | 'onDidChangeSessions'>;
  readonly kept: KeptIds;
  readonly onFault: (error: unknown) => void;
}

/**
 * The sessions that this user has dismissed from "Needs Attention". A session that runs again by itself is no longer
 * dismissed: it is shown again the next time it needs attention.
 */
export class Dismissals implements Disposable {
  readonly #parts: DismissalsParts;
  readonly #owned = new Disposables();

  constructor(parts: DismissalsParts) {
    this.#parts = parts;
    this.#owned.add(
      parts.store.onDidChangeSessions(({ changed, removed }) => {
        // All sessions are removed when another server is chosen; that server may be chosen again.
        const gone = parts.store.status.readAt === undefined ? [] : removed;
        this.#forget([...gone, ...changed.filter((id) => !this.#needsAttention(id))]);
      }),
    );
  }

  get onDidChange(): Event<void> {
    return this.#parts.kept.onDidChange;
  }

  has(sessionId: string): boolean {
    return this.#parts.kept.has(sessionId);
  }

  async dismiss(sessionIds: readonly string[]): Promise<void> {
    await this.#parts.kept.add(sessionIds);
  }

  async restore(sessionIds: readonly string[]): Promise<void> {
    await this.#parts.kept.remove(sessionIds);
  }

  /** Sessions that have needed attention for more than a day and are not dismissed. */
  older(): readonly Session[] {
    const { store } = this.#parts;
    const { now } = store.vitals;
    return store
      .all()
      .filter((session) => needsAttention(session) && isOld(session, now) && !this.has(session.session_id));
  }

  dispose(): void {
    this.#owned.dispose();
  }

  #needsAttention(sessionId: string): boolean {
    const session = this.#parts.store.find(sessionId);
    return session !== undefined && needsAttention(session);
  }

  #forget(sessionIds: readonly string[]): void {
    this.#parts.kept.remove(sessionIds).catch(this.#parts.onFault);
  }
}
