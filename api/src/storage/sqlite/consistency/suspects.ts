import * as z from 'zod/mini';
import { type FindingKind, type SuspectBatch, suspectBatch } from '../../consistency.ts';
import type { Connection, Row } from '../engine/connection.ts';
import { integer, json, text } from '../sql/fields.ts';

type Search = (connection: Connection, after: string | null, limit: number) => SuspectBatch;

const LIVE = `status IN ('active', 'paused', 'stalled')`;
const Ids = z.array(z.string());

const HEX = (digits: number) => '[0-9a-fA-F]'.repeat(digits);
const UUID = [8, 4, 4, 4, 12].map(HEX).join('-');

/** For each kind a walk along an index; `wrong` tells the suspects from the rest of the batch. */
export const SEARCHES: Readonly<Record<FindingKind, Search>> = {
  current_task_missing: (connection, after, limit) => {
    const rows = connection.all(
      `SELECT session_id AS key, current_task_id, current_task_id GLOB '${UUID}' AND NOT EXISTS
         (SELECT 1 FROM tasks WHERE task_id = current_task_id AND tasks.session_id = sessions.session_id) AS wrong
       FROM sessions INDEXED BY sessions_live WHERE ${LIVE} AND session_id > :after ORDER BY session_id LIMIT :limit`,
      { after: after ?? '', limit },
    );
    return batchOf(rows, limit, (row) => ({
      kind: 'current_task_missing',
      session_id: text(row, 'key'),
      task_id: text(row, 'current_task_id'),
    }));
  },

  active_sessions_disagree: (connection, after, limit) => {
    const rows = connection.all(
      `SELECT machine_id AS key,
         EXISTS (SELECT 1 FROM sessions INDEXED BY sessions_live_of_machine
                 WHERE sessions.machine_id = machines.machine_id AND ${LIVE}
                 AND session_id NOT IN (SELECT value FROM json_each(active_sessions)))
         OR json_array_length(active_sessions) <>
           (SELECT count(*) FROM sessions INDEXED BY sessions_live_of_machine
            WHERE sessions.machine_id = machines.machine_id AND ${LIVE}) AS wrong
       FROM machines WHERE machine_id > :after ORDER BY machine_id LIMIT :limit`,
      { after: after ?? '', limit },
    );
    return batchOf(rows, limit, (row) => ({ kind: 'active_sessions_disagree', machine_id: text(row, 'key') }));
  },

  place_held_twice: (connection, _, limit) => {
    const rows = connection.all(
      `SELECT machine_id, json_group_array(session_id) AS session_ids FROM sessions INDEXED BY sessions_by_heartbeat
       WHERE status = 'active' GROUP BY project_id, machine_id, docker_slot HAVING count(*) > 1
       UNION
       SELECT machine_id, json_group_array(session_id) FROM sessions INDEXED BY sessions_by_heartbeat
       WHERE status IN ('active', 'paused') AND docker_slot IS NOT NULL
       GROUP BY machine_id, docker_slot HAVING count(*) > 1
       ORDER BY machine_id LIMIT :limit`,
      { limit },
    );
    const suspects = rows.map((row) => ({
      kind: 'place_held_twice' as const,
      machine_id: text(row, 'machine_id'),
      session_ids: Ids.parse(json(row, 'session_ids')).sort(),
    }));
    return { suspects, next: null };
  },

  // What is archived outlives its successor by right. Of the last successor all that name it, as the next batch goes on
  // after it.
  successor_missing: (connection, after, limit) => {
    const rows = connection.all(
      `SELECT recovered_by AS key, session_id, archived_at IS NULL AND NOT EXISTS
         (SELECT 1 FROM sessions AS successor WHERE successor.session_id = sessions.recovered_by) AS wrong
       FROM sessions INDEXED BY sessions_by_successor WHERE recovered_by IN
         (SELECT recovered_by FROM sessions INDEXED BY sessions_by_successor WHERE recovered_by > :after
          ORDER BY recovered_by LIMIT :limit)
       ORDER BY recovered_by`,
      { after: after ?? '', limit },
    );
    return batchOf(rows, limit, (row) => ({
      kind: 'successor_missing',
      session_id: text(row, 'session_id'),
      successor_id: text(row, 'key'),
    }));
  },

  task_without_session: (connection, after, limit) => {
    const rows = connection.all(
      `SELECT task_id AS key, session_id,
         NOT EXISTS (SELECT 1 FROM sessions WHERE sessions.session_id = tasks.session_id) AS wrong
       FROM tasks WHERE task_id > :after ORDER BY task_id LIMIT :limit`,
      { after: after ?? '', limit },
    );
    return batchOf(rows, limit, (row) => ({
      kind: 'task_without_session',
      task_id: text(row, 'key'),
      session_id: text(row, 'session_id'),
    }));
  },

  // Triggers keep them, so not even writes past the API can make them wrong.
  session_counts_disagree: () => ({ suspects: [], next: null }),
};

function batchOf(rows: Row[], limit: number, toSuspect: (row: Row) => SuspectBatch['suspects'][number]): SuspectBatch {
  const wrong = rows.filter((row) => row['wrong'] !== null && integer(row, 'wrong') === 1);
  return suspectBatch(
    wrong.map(toSuspect),
    rows.map((row) => text(row, 'key')),
    limit,
  );
}
