import type { SessionRecord } from '../../records.ts';
import type { HeartbeatChanges } from '../../storage.ts';
import type { Connection } from '../engine/connection.ts';
import { Clauses } from '../sql/clauses.ts';
import { toStored } from '../sql/values.ts';
import { namingWhatIsTaken } from './session-place.ts';
import { SESSION, toSessionOrNull } from './session-row.ts';
import { getSession } from './session-writes.ts';

/** Nothing in it is lost for good if the disk never sees it: the next beat says it again. */
export function isPlainBeat(changes: HeartbeatChanges): boolean {
  return changes.mergeMetadata === undefined;
}

/**
 * For sessions that run. It leaves `status` out of the assignment, because SQLite rewrites the entries of every
 * index that holds an assigned column, even if the value stays.
 */
export function beat(connection: Connection, sessionId: string, changes: HeartbeatChanges): SessionRecord | null {
  return write(connection, sessionId, heartbeatAssignments(changes), `'active', 'paused'`);
}

/** For every session a heartbeat can reach, so that nothing slips through between `beat` and this. */
export function beatOrRevive(
  connection: Connection,
  sessionId: string,
  changes: HeartbeatChanges,
): SessionRecord | null {
  const set = heartbeatAssignments(changes)
    .add(`status = CASE status WHEN 'stalled' THEN 'active' ELSE status END`)
    .add(`returned_at = CASE status WHEN 'stalled' THEN :at ELSE returned_at END`)
    .add(`stalled_at = CASE status WHEN 'stalled' THEN NULL ELSE stalled_at END`);
  return namingWhatIsTaken(
    connection,
    () => write(connection, sessionId, set, `'active', 'paused', 'stalled'`),
    () => {
      const stored = getSession(connection, sessionId);
      return stored && { ...stored, status: 'active' };
    },
  );
}

function heartbeatAssignments(changes: HeartbeatChanges): Clauses {
  const set = new Clauses().add('last_heartbeat = :at', { at: toStored(changes.at) }).add('updated_at = :at');
  if (changes.currentTaskId !== undefined) {
    set
      .add('current_task_id = :task', { task: changes.currentTaskId })
      .add('last_progress_at = CASE WHEN current_task_id IS :task THEN last_progress_at ELSE :at END');
  }
  return set
    .addIf(changes.activity, 'activity = :activity', 'activity')
    .addIf(changes.activityDetail, 'activity_detail = :detail', 'detail')
    .addIf(changes.mergeMetadata, 'metadata = merge_metadata(metadata, :metadata_patch)', 'metadata_patch');
}

function write(connection: Connection, sessionId: string, set: Clauses, statuses: string): SessionRecord | null {
  return toSessionOrNull(
    connection.first(
      `UPDATE sessions ${set.set} WHERE session_id = :session_id AND status IN (${statuses}) RETURNING ${SESSION}`,
      { ...set.parameters, session_id: sessionId },
    ),
  );
}
