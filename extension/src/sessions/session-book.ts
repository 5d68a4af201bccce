import { isDeepStrictEqual } from 'node:util';
import type { Session } from '@claude-projects/shared/client';

export interface BookChanges {
  readonly added: readonly string[];
  readonly changed: readonly string[];
  readonly removed: readonly string[];
}

/** The sessions that are known, the newest first. What did not change stays the same object. */
export class SessionBook {
  readonly #byId = new Map<string, Session>();
  #ordered: readonly Session[] | undefined = [];

  all(): readonly Session[] {
    this.#ordered ??= [...this.#byId.values()].sort(newestFirst);
    return this.#ordered;
  }

  find(sessionId: string): Session | undefined {
    return this.#byId.get(sessionId);
  }

  /** Takes what was read, then drops what is not to be kept. */
  take(sessions: readonly Session[], isKept: (session: Session) => boolean): BookChanges {
    const added: string[] = [];
    const changed: string[] = [];
    const removed: string[] = [];
    for (const session of sessions) {
      const before = this.#byId.get(session.session_id);
      if (before !== undefined && isDeepStrictEqual(before, session)) continue;
      if (before === undefined && !isKept(session)) continue;
      (before === undefined ? added : changed).push(session.session_id);
      this.#byId.set(session.session_id, session);
    }
    for (const [sessionId, session] of this.#byId) {
      if (isKept(session)) continue;
      this.#byId.delete(sessionId);
      removed.push(sessionId);
    }
    if (added.length + changed.length + removed.length > 0) this.#ordered = undefined;
    return { added, changed: changed.filter((sessionId) => this.#byId.has(sessionId)), removed };
  }
}

export function newestFirst(a: Session, b: Session): number {
  if (a.created_at !== b.created_at) return a.created_at < b.created_at ? 1 : -1;
  return a.session_id < b.session_id ? 1 : -1;
}
