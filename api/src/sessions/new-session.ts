import type { CreateSession } from '@claude-projects/shared/contract';
import { fingerprint } from '../common/fingerprint.ts';
import { occurredAt } from '../common/occurred-at.ts';
import type { SessionRecord } from '../storage/records.ts';

/** A session at its start. However late it is reported, its pulse begins with the report. */
export function newSession(input: CreateSession, sessionId: string, now: Date): SessionRecord {
  const at = occurredAt(input.occurred_at, now);
  const { project_id, machine_id, docker_slot, metadata } = input;
  return {
    session_id: sessionId,
    project_id,
    machine_id,
    docker_slot: docker_slot ?? null,
    status: 'active',
    activity: 'working',
    activity_detail: null,
    current_task_id: null,
    last_heartbeat: now,
    last_progress_at: at,
    started_at: at,
    completed_at: null,
    stalled_at: null,
    returned_at: null,
    archived_at: null,
    error_message: null,
    recovered_from: null,
    recovered_by: null,
    recovery_attempts: 0,
    recovery_prepared_at: null,
    metadata: metadata ?? {},
    next_position: 0,
    created_from: fingerprint({ project_id, machine_id, docker_slot, metadata }),
    expires_at: null,
    created_at: now,
    updated_at: now,
  };
}

/** The session that continues another: its work and its lineage, in a new place and with a new pulse. */
export function successorOf(
  original: SessionRecord,
  place: { machine_id: string; docker_slot: number | null },
  sessionId: string,
  nextPosition: number,
  now: Date,
): SessionRecord {
  const { session_id, project_id, metadata, recovery_attempts } = original;
  return {
    ...newSession({ project_id, machine_id: place.machine_id, metadata }, sessionId, now),
    docker_slot: place.docker_slot,
    recovered_from: session_id,
    recovery_attempts: recovery_attempts + 1,
    next_position: nextPosition,
    created_from: fingerprint({ recovered_from: session_id }),
  };
}
