import { Activity, SessionStatus } from '@claude-projects/shared/contract';
import type { SessionRecord } from '../../records.ts';
import type { Row } from '../engine/connection.ts';
import { integer, integerOrNull, metadata, oneOf, text, textOrNull, time, timeOrNull } from '../sql/fields.ts';

/** What an update may set; the rest is fixed at creation or changes by rules of its own. */
export const SETTABLE_SESSION_COLUMNS = [
  'project_id',
  'machine_id',
  'docker_slot',
  'status',
  'activity',
  'activity_detail',
  'current_task_id',
  'last_heartbeat',
  'last_progress_at',
  'started_at',
  'completed_at',
  'stalled_at',
  'returned_at',
  'archived_at',
  'error_message',
  'recovered_from',
  'recovered_by',
  'recovery_attempts',
  'recovery_prepared_at',
  'expires_at',
  'updated_at',
] as const satisfies readonly (keyof SessionRecord)[];

export const SESSION_COLUMNS = [
  'session_id',
  ...SETTABLE_SESSION_COLUMNS,
  'metadata',
  'next_position',
  'created_from',
  'created_at',
] as const satisfies readonly (keyof SessionRecord)[];

export const SESSION = SESSION_COLUMNS.join(', ');

export function toSession(row: Row): SessionRecord {
  return {
    session_id: text(row, 'session_id'),
    project_id: text(row, 'project_id'),
    machine_id: text(row, 'machine_id'),
    docker_slot: integerOrNull(row, 'docker_slot'),
    status: oneOf(row, 'status', SessionStatus.options),
    activity: oneOf(row, 'activity', Activity.options),
    activity_detail: textOrNull(row, 'activity_detail'),
    current_task_id: textOrNull(row, 'current_task_id'),
    last_heartbeat: time(row, 'last_heartbeat'),
    last_progress_at: time(row, 'last_progress_at'),
    started_at: time(row, 'started_at'),
    completed_at: timeOrNull(row, 'completed_at'),
    stalled_at: timeOrNull(row, 'stalled_at'),
    returned_at: timeOrNull(row, 'returned_at'),
    archived_at: timeOrNull(row, 'archived_at'),
    error_message: textOrNull(row, 'error_message'),
    recovered_from: textOrNull(row, 'recovered_from'),
    recovered_by: textOrNull(row, 'recovered_by'),
    recovery_attempts: integer(row, 'recovery_attempts'),
    recovery_prepared_at: timeOrNull(row, 'recovery_prepared_at'),
    metadata: metadata(row, 'metadata'),
    next_position: integer(row, 'next_position'),
    created_from: text(row, 'created_from'),
    expires_at: timeOrNull(row, 'expires_at'),
    created_at: time(row, 'created_at'),
    updated_at: time(row, 'updated_at'),
  };
}

export function toSessionOrNull(row: Row | null): SessionRecord | null {
  return row && toSession(row);
}
