import type { SessionStatus } from '@claude-projects/shared/contract';
import type { SessionRecord } from '../../records.ts';
import type { Listing, Page, SessionFilter } from '../../storage.ts';
import type { Stored } from '../documents/fields.ts';
import { toSessionId } from '../documents/session-document.ts';
import { mapAtMost, upTo } from '../engine/limits.ts';
import { both, type Runner } from '../engine/runner.ts';
import type { SessionQuery } from './session-guard.ts';
import { pageOfSessions } from './session-lists.ts';
import { updateLive } from './session-writes.ts';

const LONGEST_SILENCE_FIRST = { last_heartbeat: 1, session_id: 1 } as const;

/** Updates of one sweep under way at a time: enough to hide the way to the server, not so many as to crowd it. */
const SWEEP_WIDTH = 16;

const silent = <Status extends SessionStatus>(status: Status, silentSince: Date) => ({
  status,
  last_heartbeat: { $lt: silentSince },
});

export async function countOverdue(runner: Runner, silentSince: Date): Promise<Record<'active' | 'paused', number>> {
  const { models, options, run } = runner;
  const count = (status: SessionStatus) => () =>
    run(() => models.sessions.countDocuments(silent(status, silentSince), options));
  const [active, paused] = await both(runner, count('active'), count('paused'));
  return { active, paused };
}

export function listStalled(
  runner: Runner,
  { project_id, machine_id }: Pick<SessionFilter, 'project_id' | 'machine_id'>,
  silentSince: Date,
  page: Page,
): Promise<Listing<SessionRecord>> {
  const within: SessionQuery = {
    ...(project_id !== undefined && { project_id }),
    ...(machine_id !== undefined && { machine_id }),
  };
  const query: SessionQuery = {
    ...within,
    $or: [{ status: 'stalled' }, silent('active', silentSince), silent('paused', silentSince)],
  };
  return pageOfSessions(runner, query, LONGEST_SILENCE_FIRST, page);
}

/**
 * Finds first and then turns one by one, each only if it is still silent: whoever beat in the meantime is left
 * alone, and of two sweeps at once each session is turned by one.
 */
export async function markOverdueStalled(
  runner: Runner,
  silentSince: Date,
  at: Date,
  limit: number,
): Promise<SessionRecord[]> {
  const ids = await findIds(runner, silent('active', silentSince), LONGEST_SILENCE_FIRST, limit);
  // A transaction is a single conversation.
  const width = runner.options.session === undefined ? SWEEP_WIDTH : 1;
  const turned = await mapAtMost(width, ids, (id) =>
    updateLive(
      runner,
      id,
      { status: ['active'], silentSince },
      { set: { status: 'stalled', stalled_at: at, updated_at: at } },
    ),
  );
  return turned.filter((session) => session !== null);
}

export function listAbandoned(runner: Runner, silentSince: Date, limit: number): Promise<string[]> {
  const query: SessionQuery = { $or: [silent('stalled', silentSince), silent('paused', silentSince)] };
  return findIds(runner, query, LONGEST_SILENCE_FIRST, limit);
}

/** Goes by the field that the TTL index watches, and along that index. */
export function listExpired(runner: Runner, expiredBefore: Date, limit: number): Promise<string[]> {
  return findIds(runner, { expires_at: { $lt: expiredBefore } }, { expires_at: 1 }, limit);
}

async function findIds(
  { models, options, run }: Runner,
  query: SessionQuery,
  order: Readonly<Record<string, 1>>,
  limit: number,
): Promise<string[]> {
  const found = await upTo(limit, () =>
    run(() => models.sessions.find(query, { session_id: 1 }, options).sort(order).limit(limit).lean<Stored[]>()),
  );
  return found.map(toSessionId);
}
