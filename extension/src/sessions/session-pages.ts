import type { ListSessionsQuery, StateTrackingApiClient } from '@claude-projects/shared/client';
import { LIMITS, type Session, type SessionList } from '@claude-projects/shared/contract';

/** More than this many pages of one listing are never read: the rate limit is everybody's. */
export const MOST_PAGES = 10;

interface Kept {
  readonly query: string;
  readonly etag: string | null;
  readonly list: SessionList;
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
  ): Promise<SessionList> {
    const asked = { ...query, limit: LIMITS.sessionsPerPage, offset: index * LIMITS.sessionsPerPage };
    const slot = `${listing} ${index}`;
    const key = JSON.stringify(asked);
    const kept = this.#kept.get(slot);
    const known = kept?.query === key ? kept : undefined;
    const reply = await client.listSessions(asked, { etag: known?.etag ?? null, signal });
    if (reply.notModified && known) return known.list;
    if (reply.notModified) throw new Error('The client answered "not modified" to an unconditional request.');
    this.#kept.set(slot, { query: key, etag: reply.etag, list: reply.data });
    return reply.data;
  }

  /** Up to so many pages of a listing; the first may be at hand. */
  async pages(
    client: StateTrackingApiClient,
    listing: string,
    query: ListSessionsQuery,
    most: number,
    signal: AbortSignal,
    first?: SessionList,
  ): Promise<Listed> {
    const found = new Map<string, Session>();
    let total = 0;
    let read = 0;
    let firstPage: readonly Session[] = [];
    do {
      const list = read === 0 && first ? first : await this.page(client, listing, query, read, signal);
      if (read === 0) firstPage = list.sessions;
      for (const session of list.sessions) found.set(session.session_id, session);
      total = list.total;
      read += 1;
    } while (read < most && read * LIMITS.sessionsPerPage < total);
    const expected = Math.min(total, read * LIMITS.sessionsPerPage);
    return { sessions: [...found.values()], firstPage, total, sound: found.size === expected, cut: expected < total };
  }

  /** What was kept belongs to another server. */
  clear(): void {
    this.#kept.clear();
  }
}
