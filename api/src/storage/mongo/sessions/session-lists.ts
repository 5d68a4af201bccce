import type { SessionRecord } from '../../records.ts';
import type { Listing, Page, Place, SessionFilter } from '../../storage.ts';
import type { Stored } from '../documents/fields.ts';
import { toSession, toSessionId, toSessionOrNull } from '../documents/session-document.ts';
import { upTo } from '../engine/limits.ts';
import { both, type Runner } from '../engine/runner.ts';
import { knownTotal } from './session-counts.ts';
import type { SessionQuery } from './session-guard.ts';

const NEWEST_FIRST = { created_at: -1, session_id: -1 } as const;

/** `$gt` any time, and not `$ne: null`, because that is a range of the index and the other is not. */
const BEFORE_ALL_TIMES = new Date(0);

export async function listSessions(
  runner: Runner,
  filter: SessionFilter,
  page: Page,
  now: Date,
): Promise<Listing<SessionRecord>> {
  const query = queryFor(filter);
  return pageOfSessions(
    runner,
    query,
    NEWEST_FIRST,
    page,
    async () => (await knownTotal(runner, filter, now)) ?? countSessions(runner, query),
  );
}

export async function pageOfSessions(
  runner: Runner,
  query: SessionQuery,
  order: Readonly<Record<string, 1 | -1>>,
  { limit, offset }: Page,
  countAll: () => Promise<number> = () => countSessions(runner, query),
): Promise<Listing<SessionRecord>> {
  const { models, options, run } = runner;
  const [found, total] = await both(
    runner,
    () =>
      upTo(limit, () =>
        run(() => models.sessions.find(query, null, options).sort(order).skip(offset).limit(limit).lean<Stored[]>()),
      ),
    countAll,
  );
  return { records: found.map(toSession), total };
}

function countSessions({ models, options, run }: Runner, query: SessionQuery): Promise<number> {
  return run(() => models.sessions.countDocuments(query, options));
}

function queryFor({ project_id, machine_id, status, archived, updatedSince }: SessionFilter): SessionQuery {
  return {
    ...(project_id !== undefined && { project_id }),
    ...(machine_id !== undefined && { machine_id }),
    ...(status !== undefined && { status }),
    ...(archived !== undefined && { archived_at: archived ? { $gt: BEFORE_ALL_TIMES } : null }),
    ...(updatedSince !== undefined && { updated_at: { $gte: updatedSince } }),
  };
}

/** An active session in a place with a slot is in that slot too, so one look is enough. */
export async function findHolder(
  { models, options, run }: Runner,
  { project_id, machine_id, docker_slot }: Place,
): Promise<SessionRecord | null> {
  const query: SessionQuery =
    docker_slot === null
      ? { project_id, machine_id, docker_slot: null, status: 'active' }
      : { machine_id, docker_slot, status: { $in: ['active', 'paused'] } };
  return toSessionOrNull(await run(() => models.sessions.findOne(query, null, options).lean<Stored>()));
}

export async function listLiveIds({ models, options, run }: Runner, machineId: string): Promise<string[]> {
  const query: SessionQuery = { machine_id: machineId, status: { $in: ['active', 'paused', 'stalled'] } };
  const found = await run(() =>
    models.sessions.find(query, { session_id: 1 }, options).sort({ created_at: 1, session_id: 1 }).lean<Stored[]>(),
  );
  return found.map(toSessionId);
}
