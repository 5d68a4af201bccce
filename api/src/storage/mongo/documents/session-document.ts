import { Activity, SessionStatus } from '@claude-projects/shared/contract';
import type { SessionRecord } from '../../records.ts';
import { metadata, number, numberOrNull, oneOf, type Stored, text, textOrNull, time, timeOrNull } from './fields.ts';

export function toSession(stored: Stored): SessionRecord {
  return {
    session_id: text(stored, 'session_id'),
    project_id: text(stored, 'project_id'),
    machine_id: text(stored, 'machine_id'),
    docker_slot: numberOrNull(stored, 'docker_slot'),
    status: oneOf(stored, 'status', SessionStatus.options),
    activity: oneOf(stored, 'activity', Activity.options),
    activity_detail: textOrNull(stored, 'activity_detail'),
    current_task_id: textOrNull(stored, 'current_task_id'),
    last_heartbeat: time(stored, 'last_heartbeat'),
    last_progress_at: time(stored, 'last_progress_at'),
    started_at: time(stored, 'started_at'),
    completed_at: timeOrNull(stored, 'completed_at'),
    stalled_at: timeOrNull(stored, 'stalled_at'),
    returned_at: timeOrNull(stored, 'returned_at'),
    archived_at: timeOrNull(stored, 'archived_at'),
    error_message: textOrNull(stored, 'error_message'),
    recovered_from: textOrNull(stored, 'recovered_from'),
    recovered_by: textOrNull(stored, 'recovered_by'),
    recovery_attempts: number(stored, 'recovery_attempts'),
    recovery_prepared_at: timeOrNull(stored, 'recovery_prepared_at'),
    metadata: metadata(stored, 'metadata'),
    next_position: number(stored, 'next_position'),
    created_from: text(stored, 'created_from'),
    expires_at: timeOrNull(stored, 'expires_at'),
    created_at: time(stored, 'created_at'),
    updated_at: time(stored, 'updated_at'),
  };
}

export function toSessionOrNull(stored: Stored | null): SessionRecord | null {
  return stored && toSession(stored);
}

export function toSessionId(stored: Stored): string {
  return text(stored, 'session_id');
}
