import { setImmediate } from 'node:timers/promises';
import type { Measures, Period, Spread } from '../../measures.ts';
import { rankOf } from '../../measures.ts';
import type { Connection, Parameters } from '../engine/connection.ts';
import type { Runner } from '../engine/runner.ts';
import { integer, textOrNull } from '../sql/fields.ts';
import { toStored } from '../sql/values.ts';

const HOUR_MS = 3_600_000;

const STALLS = 'stalls INDEXED BY stalls_by_detection WHERE detected_at >= :since AND detected_at < :until';
const ENDED = 'completed_at >= :since AND completed_at < :until';
const SESSIONS = 'sessions INDEXED BY sessions_by_end WHERE';
const TASKS = 'tasks INDEXED BY tasks_by_end WHERE';
const COMPLETED = `${SESSIONS} status = 'completed' AND ${ENDED} AND recovered_by IS NULL`;

/**
 * Each query takes a turn of its own, and lets in whatever came meanwhile: a heartbeat waits for a single query,
 * however long the period is.
 */
export async function measure(runner: Runner, { since, until }: Period, mostReasons: number): Promise<Measures> {
  const period = { since: toStored(since), until: toStored(until) };
  const turn = async <T>(query: (connection: Connection) => T): Promise<T> => {
    const result = await runner.run(query);
    await setImmediate();
    return result;
  };
  const count = (source: string) =>
    turn((connection) => connection.count(`SELECT count(*) AS count FROM ${source}`, period));
  const spread = async (value: string, source: string): Promise<Spread> => {
    const total = await count(source);
    const at = (share: number) =>
      turn((connection) => valueAt(connection, value, source, period, rankOf(share, total)));
    return { p50: await at(0.5), p95: await at(0.95) };
  };
  return {
    stalls: {
      detected: await count(STALLS),
      returned: await count(`${STALLS} AND returned_at IS NOT NULL`),
      timeToDetectMs: await spread('silence_ms', STALLS),
    },
    heartbeats: await turn((connection) => sumHeartbeats(connection, since, until)),
    sessions: {
      started: await count(
        'sessions INDEXED BY sessions_by_creation WHERE created_at >= :since AND created_at < :until',
      ),
      completed: await count(COMPLETED),
      failed: await count(`${SESSIONS} status = 'failed' AND ${ENDED}`),
      recovered: await count(`${SESSIONS} status = 'completed' AND ${ENDED} AND recovered_by IS NOT NULL`),
      stalled: await count(
        `sessions INDEXED BY sessions_by_heartbeat
         WHERE status = 'stalled' AND stalled_at >= :since AND stalled_at < :until`,
      ),
      durationMs: await spread('max(0, completed_at - started_at)', COMPLETED),
    },
    tasks: {
      created: await count('tasks INDEXED BY tasks_by_creation WHERE created_at >= :since AND created_at < :until'),
      completed: await count(`${TASKS} status = 'completed' AND ${ENDED}`),
      failed: await count(`${TASKS} status = 'failed' AND ${ENDED}`),
    },
    failureReasons: await turn((connection) => commonestReasons(connection, period, mostReasons)),
  };
}

function valueAt(
  connection: Connection,
  value: string,
  source: string,
  period: Parameters,
  rank: number,
): number | null {
  const row = connection.first(`SELECT ${value} AS value FROM ${source} ORDER BY value LIMIT 1 OFFSET :rank`, {
    ...period,
    rank,
  });
  return row && integer(row, 'value');
}

function sumHeartbeats(connection: Connection, since: Date, until: Date): Measures['heartbeats'] {
  const row = connection.first(
    `SELECT ifnull(sum(received), 0) AS received, ifnull(sum(refused), 0) AS refused
     FROM heartbeat_counts WHERE hour > :before AND hour < :until`,
    { before: since.getTime() - HOUR_MS, until: toStored(until) },
  );
  return row ? { received: integer(row, 'received'), refused: integer(row, 'refused') } : { received: 0, refused: 0 };
}

/** A completed session has a reason only if it failed and was recovered. */
function commonestReasons(connection: Connection, period: Parameters, most: number): Measures['failureReasons'] {
  return connection
    .all(
      `SELECT error_message, count(*) AS count FROM (
         SELECT error_message FROM ${SESSIONS} status = 'failed' AND ${ENDED}
         UNION ALL
         SELECT error_message FROM ${SESSIONS} status = 'completed' AND ${ENDED} AND recovered_by IS NOT NULL
           AND error_message IS NOT NULL
       ) GROUP BY error_message ORDER BY count DESC, error_message LIMIT :most`,
      { ...period, most },
    )
    .map((row) => ({ reason: textOrNull(row, 'error_message'), count: integer(row, 'count') }));
}
