import type { ListSessionsQuery, Session, SessionList, StateTrackingApiClient } from '@claude-projects/shared/client';
import { LIMITS } from '@claude-projects/shared/contract';

/** More than this many pages of one listing are never read: the rate limit is everybody's. */
export const MOST_PAGES = 10;

export interface SessionPage extends SessionList {
  /** How many sessions of it only a newer version can read. */
  readonly unreadable: number;
}

interface Kept {
  readonly query: string;
  readonly etag: string | null;
  readonly page: SessionPage;
}

export interface Listed {
  readonly sessions: readonly Session[];
  /** What was read before all others. */
  readonly firstPage: readonly Session[];
  readonly total: number;
  /** False if others changed the listing while it was read, so that a session may be missing from it. */
  readonly sound: boolean;
  /** There is more than is ever read. */
  readonly cut: boolean;
}

/** Reads pages of sessions. What did not change since the last time costs a request without a reply's body. */
export class SessionPages {
  readonly #kept = new Map<string, Kept>();

  async page(
    client: StateTrackingApiClient,
    listing: string,
    query: ListSessionsQuery,
    index: number,
    signal: AbortSignal,
  ): Promise<SessionPage> {
    const asked = { ...query, limit: LIMITS.sessionsPerPage, offset: index * LIMITS.sessionsPerPage };
    const slot = `${listing} ${index}`;
    const key = JSON.stringify(asked);
    const kept = this.#kept.get(slot);
    const known = kept?.query === key ? kept : undefined;
    const reply = await client.listSessions(asked, { etag: known?.etag ?? null, signal });
    if (reply.notModified && known) return known.page;
    if (reply.notModified) throw new Error('The client answered "not modified" to an unconditional request.');
    const page = { ...reply.data, unreadable: reply.unreadable };
    this.#kept.set(slot, { query: key, etag: reply.etag, page });
    return page;
  }

  /** Up to so many pages of a listing; the first may be at hand. */
  async pages(
    client: StateTrackingApiClient,
    listing: string,
    query: ListSessionsQuery,
    most: number,
    signal: AbortSignal,
    first?: SessionPage,
  ): Promise<Listed> {
    const found = new Map<string, Session>();
    let total = 0;
    let read = 0;
    let unreadable = 0;
    let firstPage: readonly Session[] = [];
    do {
      const list = read === 0 && first ? first : await this.page(client, listing, query, read, signal);
      if (read === 0) firstPage = list.sessions;
      for (const session of list.sessions) found.set(session.session_id, session);
      total = list.total;
      unreadable += list.unreadable;
      read += 1;
    } while (read < most && read * LIMITS.sessionsPerPage < total);
    const expected = Math.min(total, read * LIMITS.sessionsPerPage);
    const sound = found.size + unreadable === expected;
    return { sessions: [...found.values()], firstPage, total, sound, cut: expected < total };
  }

  /** What was kept belongs to another server. */
  clear(): void {
    this.#kept.clear();
  }
}
