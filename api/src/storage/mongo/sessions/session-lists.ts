import { SessionStatus } from '@claude-projects/shared/contract';
import type { SessionRecord } from '../../records.ts';
import type { Listing, LiveStatus, Page, Place, SessionFilter } from '../../storage.ts';
import { number, type Stored, text } from '../documents/fields.ts';
import { toSession, toSessionId, toSessionOrNull } from '../documents/session-document.ts';
import { upTo } from '../engine/limits.ts';
import { both, type Runner } from '../engine/runner.ts';
import type { SessionQuery } from './session-guard.ts';

const NEWEST_FIRST = { created_at: -1, session_id: -1 } as const;

/** `$gt` any time, and not `$ne: null`, because that is a range of the index and the other is not. */
const BEFORE_ALL_TIMES = new Date(0);

export async function listSessions(runner: Runner, filter: SessionFilter, page: Page): Promise<Listing<SessionRecord>> {
  return pageOfSessions(runner, queryFor(filter), NEWEST_FIRST, page);
}

export async function pageOfSessions(
  runner: Runner,
  query: SessionQuery,
  order: Readonly<Record<string, 1 | -1>>,
  { limit, offset }: Page,
): Promise<Listing<SessionRecord>> {
  const { models, options, run } = runner;
  const [found, total] = await both(
    runner,
    () =>
      upTo(limit, () =>
        run(() => models.sessions.find(query, null, options).sort(order).skip(offset).limit(limit).lean<Stored[]>()),
      ),
    () => run(() => models.sessions.countDocuments(query, options)),
  );
  return { records: found.map(toSession), total };
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

/** Reads an entry of the index for each session, ended ones included: a counter would drift with what the TTL deletes. */
export async function countByStatus(runner: Runner): Promise<Record<SessionStatus, number>> {
  const count = await counted(runner, SessionStatus.options);
  return {
    active: count('active'),
    paused: count('paused'),
    completed: count('completed'),
    failed: count('failed'),
    stalled: count('stalled'),
  };
}

export async function countLive(runner: Runner): Promise<Record<LiveStatus, number>> {
  const count = await counted(runner, ['active', 'paused', 'stalled']);
  return { active: count('active'), paused: count('paused'), stalled: count('stalled') };
}

/** Naming the statuses, even if it is all of them, lets the count come from an index alone. */
async function counted({ models, options, run }: Runner, statuses: readonly SessionStatus[]) {
  const groups = await run(() =>
    models.sessions
      .aggregate<Stored>([
        { $match: { status: { $in: [...statuses] } } },
        { $group: { _id: '$status', count: { $sum: 1 } } },
      ])
      .option(options),
  );
  const counts = new Map(groups.map((group) => [text(group, '_id'), number(group, 'count')]));
  return (status: SessionStatus) => counts.get(status) ?? 0;
}
