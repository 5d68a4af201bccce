import type { ListSessionsQuery, Session, StateTrackingApiClient } from '@claude-projects/shared/client';
import { LIMITS, type SessionStatus } from '@claude-projects/shared/contract';
import { MOST_PAGES, type SessionPages } from './session-pages.ts';

/** Writes of several server processes may become visible a little out of order. */
const OVERLAP_MS = 10_000;

/** What must not be missed because it lies on page 3: sessions that run, and those that need somebody. */
const VITAL: readonly (readonly [listing: string, query: ListSessionsQuery])[] = [
  ['active', { status: 'active' }],
  ['paused', { status: 'paused' }],
  ['stalled', { status: 'stalled' }],
  ['failed', { status: 'failed', archived: 'false' }],
];

export interface Reading {
  readonly sessions: readonly Session[];
  /**
   * The latest change of the page that was read first: what changes while the others are read may be among none of
   * them, so that the next reading goes on from there. Empty where nothing is stored.
   */
  readonly newest: string;
  /** Of all there are; undefined where that was not asked. */
  readonly total: number | undefined;
  /** Sessions created before it, that neither run nor need anybody, lie beyond the loaded pages. */
  readonly horizon: string | undefined;
  /** What is not among `sessions` is gone, or is not to be shown. */
  readonly complete: boolean;
  /** There were more than are ever read. */
  readonly cut: boolean;
}

/** Everything, as far as it is shown. One request where it fits on one page. */
export async function readAll(
  client: StateTrackingApiClient,
  pages: SessionPages,
  wanted: { readonly pages: number; readonly newest: string | undefined },
  signal: AbortSignal,
): Promise<Reading> {
  const newest = await pages.page(client, 'newest', {}, 0, signal);
  const known = newestOf(newest.sessions, wanted.newest);
  if (newest.total <= newest.sessions.length + newest.unreadable) {
    const { sessions, total } = newest;
    return {
      sessions,
      newest: known,
      total,
      horizon: undefined,
      complete: true,
      cut: false,
    };
  }
  const loaded = await pages.pages(client, 'newest', {}, wanted.pages, signal, newest);
  if (!loaded.cut) {
    const { sessions, total, cut, sound } = loaded;
    return { sessions, newest: known, total, horizon: undefined, complete: sound, cut };
  }
  const vital = [];
  for (const [listing, query] of VITAL) {
    vital.push(await pages.pages(client, listing, query, MOST_PAGES, signal));
  }
  // Last, so that no session slips through by changing its status between two of these listings.
  const late = await pages.pages(client, 'changes', { updated_since: sinceOf(known) }, MOST_PAGES, signal);
  const lists = [loaded, ...vital, late];
  return {
    sessions: unique(lists.map(({ sessions }) => sessions)),
    newest: newestOf(late.firstPage, known),
    total: loaded.total,
    horizon: loaded.sessions.at(-1)?.created_at,
    complete: lists.every(({ sound }) => sound),
    cut: [...vital, late].some(({ cut }) => cut),
  };
}

/** What changed since the newest change that is known; and how the sessions are that stay silent all the same. */
export async function readChanges(
  client: StateTrackingApiClient,
  pages: SessionPages,
  wanted: {
    readonly newest: string;
    readonly silentBeside: (changed: readonly Session[]) => ReadonlySet<SessionStatus>;
  },
  signal: AbortSignal,
): Promise<Reading> {
  const changed = await pages.pages(client, 'changes', { updated_since: sinceOf(wanted.newest) }, MOST_PAGES, signal);
  const lists = [changed];
  // Silence changes a session without writing to it, so that it is not among the changes.
  for (const status of wanted.silentBeside(changed.sessions)) {
    lists.push(await pages.pages(client, status, { status }, MOST_PAGES, signal));
  }
  return {
    sessions: unique(lists.map(({ sessions }) => sessions)),
    newest: newestOf(changed.firstPage, wanted.newest),
    total: undefined,
    horizon: undefined,
    complete: false,
    cut: lists.some(({ cut }) => cut),
  };
}

/** Whether all there are fit on the page that is read anyway. */
export function fitsOnePage(total: number): boolean {
  return total <= LIMITS.sessionsPerPage;
}

/** Times of the API are text whose order is the order of time. */
export function newestOf(sessions: readonly Session[], other: string | undefined): string {
  return sessions.reduce((newest, { updated_at }) => (updated_at > newest ? updated_at : newest), other ?? '');
}

function sinceOf(newest: string): string {
  return new Date(Date.parse(newest) - OVERLAP_MS).toISOString();
}

/** What was read last is the truth. */
function unique(lists: readonly (readonly Session[])[]): readonly Session[] {
  return [...new Map(lists.flat().map((session) => [session.session_id, session])).values()];
}
