import type { SessionRecord } from '../../records.ts';
import type { Listing, Page, SessionFilter } from '../../storage.ts';
import type { Connection } from '../engine/connection.ts';
import { Clauses, pageParameters } from '../sql/clauses.ts';
import { text } from '../sql/fields.ts';
import { toStored } from '../sql/values.ts';
import { SESSION, toSession } from './session-row.ts';

const SILENT = 'last_heartbeat < :silent_since';
const OVERDUE = `status = 'active' AND ${SILENT}`;
const SILENTLY_PAUSED = `status = 'paused' AND ${SILENT}`;

export function countOverdue(connection: Connection, silentSince: Date): Record<'active' | 'paused', number> {
  const parameters = { silent_since: toStored(silentSince) };
  const count = (condition: string) =>
    connection.count(`SELECT count(*) AS count FROM sessions WHERE ${condition}`, parameters);
  return connection.consistently(() => ({ active: count(OVERDUE), paused: count(SILENTLY_PAUSED) }));
}

/** Three walks along the index, merged as they go, so that nothing has to be sorted. */
export function listStalled(
  connection: Connection,
  filter: Pick<SessionFilter, 'project_id' | 'machine_id'>,
  silentSince: Date,
  page: Page,
): Listing<SessionRecord> {
  const stalled = stalledSource(filter).add(`status = 'stalled'`);
  const overdue = stalledSource(filter).add(OVERDUE, { silent_since: toStored(silentSince) });
  const paused = stalledSource(filter).add(SILENTLY_PAUSED);
  const from = (clauses: Clauses) => `FROM sessions INDEXED BY sessions_by_heartbeat ${clauses.where}`;
  return connection.consistently(() => ({
    records: connection
      .all(
        `SELECT ${SESSION} ${from(stalled)} UNION ALL SELECT ${SESSION} ${from(overdue)}
         UNION ALL SELECT ${SESSION} ${from(paused)}
         ORDER BY last_heartbeat, session_id LIMIT :limit OFFSET :offset`,
        { ...overdue.parameters, ...pageParameters(page) },
      )
      .map(toSession),
    total: connection.count(
      `SELECT (SELECT count(*) ${from(stalled)}) + (SELECT count(*) ${from(overdue)})
         + (SELECT count(*) ${from(paused)}) AS count`,
      overdue.parameters,
    ),
  }));
}

function stalledSource(filter: Pick<SessionFilter, 'project_id' | 'machine_id'>): Clauses {
  return new Clauses()
    .addIf(filter.project_id, 'project_id = :project_id', 'project_id')
    .addIf(filter.machine_id, 'machine_id = :machine_id', 'machine_id');
}

/** One statement, so a session that beats in time is left alone and no other caller gets the same one. */
export function markOverdueStalled(
  connection: Connection,
  silentSince: Date,
  at: Date,
  limit: number,
): SessionRecord[] {
  return connection
    .all(
      `UPDATE sessions SET status = 'stalled', stalled_at = :at, updated_at = :at
       WHERE rowid IN (SELECT rowid FROM sessions WHERE ${OVERDUE} ORDER BY last_heartbeat LIMIT :limit)
       RETURNING ${SESSION}`,
      { silent_since: toStored(silentSince), at: toStored(at), limit },
    )
    .map(toSession);
}

export function listAbandoned(connection: Connection, silentSince: Date, limit: number): string[] {
  return connection
    .all(
      `SELECT session_id, last_heartbeat FROM sessions WHERE status = 'stalled' AND ${SILENT}
       UNION ALL SELECT session_id, last_heartbeat FROM sessions WHERE ${SILENTLY_PAUSED}
       ORDER BY last_heartbeat, session_id LIMIT :limit`,
      { silent_since: toStored(silentSince), limit },
    )
    .map((row) => text(row, 'session_id'));
}
