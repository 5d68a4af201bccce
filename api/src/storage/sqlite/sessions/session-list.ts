import type { SessionRecord } from '../../records.ts';
import type { Listing, Page, SessionFilter } from '../../storage.ts';
import type { Connection } from '../engine/connection.ts';
import { Clauses, pageParameters } from '../sql/clauses.ts';
import { knownTotal } from './session-counts.ts';
import { SESSION, toSession } from './session-row.ts';

/**
 * Which index leads is decided here: SQLite knows nothing of how the rows are spread, and would rather avoid
 * sorting ten rows than reading a hundred thousand.
 */
function leadingIndex(filter: SessionFilter): string {
  if (filter.updatedSince !== undefined) return 'sessions_by_update';
  if (filter.machine_id !== undefined) return 'sessions_by_machine';
  if (filter.project_id !== undefined) return 'sessions_by_project';
  if (filter.status !== undefined) return 'sessions_by_status';
  if (filter.archived !== undefined) return 'sessions_by_archival';
  return 'sessions_by_creation';
}

export function listSessions(connection: Connection, filter: SessionFilter, page: Page): Listing<SessionRecord> {
  const { where, parameters } = filterClauses(filter);
  const source = `sessions INDEXED BY ${leadingIndex(filter)} ${where}`;
  return connection.consistently(() => ({
    records: connection
      .all(`SELECT ${SESSION} FROM ${source} ORDER BY created_at DESC, session_id DESC LIMIT :limit OFFSET :offset`, {
        ...parameters,
        ...pageParameters(page),
      })
      .map(toSession),
    total: knownTotal(connection, filter) ?? connection.count(`SELECT count(*) AS count FROM ${source}`, parameters),
  }));
}

function filterClauses(filter: SessionFilter): Clauses {
  return new Clauses()
    .addIf(filter.project_id, 'project_id = :project_id', 'project_id')
    .addIf(filter.machine_id, 'machine_id = :machine_id', 'machine_id')
    .addIf(filter.status, 'status = :status', 'status')
    .addIf(filter.archived, '(archived_at IS NOT NULL) = :archived', 'archived')
    .addIf(filter.updatedSince, 'updated_at >= :updated_since', 'updated_since');
}
