import type { Metadata, Session, SessionHealthReport, StalledSession } from '@claude-projects/shared/contract';
import type { SessionRecord } from '../storage/records.ts';
import { healthOf, silenceOf } from './session-health.ts';

const timeOf = (date: Date | null): string | null => date?.toISOString() ?? null;

export function toSession(record: SessionRecord, now: Date, silenceLimitMs: number): Session {
  return {
    session_id: record.session_id,
    project_id: record.project_id,
    machine_id: record.machine_id,
    docker_slot: record.docker_slot,
    status: record.status,
    health: healthOf(record, now, silenceLimitMs),
    activity: record.activity,
    activity_detail: record.activity_detail,
    current_task_id: record.current_task_id,
    last_heartbeat: record.last_heartbeat.toISOString(),
    last_progress_at: record.last_progress_at.toISOString(),
    started_at: record.started_at.toISOString(),
    completed_at: timeOf(record.completed_at),
    stalled_at: timeOf(record.stalled_at),
    archived_at: timeOf(record.archived_at),
    error_message: record.error_message,
    recovered_from: record.recovered_from,
    recovered_by: record.recovered_by,
    recovery_attempts: record.recovery_attempts,
    metadata: { ...record.metadata, ...factsInMetadata(record) },
    created_at: record.created_at.toISOString(),
    updated_at: record.updated_at.toISOString(),
  };
}

/** Older programs look for these facts in the metadata; they are shown there, and kept as fields. */
export function factsInMetadata(record: SessionRecord): Metadata {
  const facts: Metadata = {};
  if (record.archived_at) Object.assign(facts, { archived: true, archived_at: record.archived_at.toISOString() });
  if (record.error_message !== null) facts['error_message'] = record.error_message;
  if (record.recovery_prepared_at) facts['recovery_prepared_at'] = record.recovery_prepared_at.toISOString();
  if (record.recovery_attempts > 0) facts['recovery_attempts'] = record.recovery_attempts;
  if (record.recovered_from !== null) facts['recovered_from'] = record.recovered_from;
  if (record.recovered_by !== null) facts['recovered_by'] = record.recovered_by;
  return facts;
}

export function toHealthReport(
  record: SessionRecord,
  now: Date,
  silenceLimitMs: number,
  stallThresholdMs: number,
): SessionHealthReport {
  const health = healthOf(record, now, silenceLimitMs);
  return {
    session_id: record.session_id,
    status: record.status,
    health,
    is_healthy: record.status === 'active' && health !== 'stalled',
    is_stalled: health === 'stalled',
    last_heartbeat: record.last_heartbeat.toISOString(),
    time_since_heartbeat_ms: silenceOf(record, now),
    last_progress_at: record.last_progress_at.toISOString(),
    idle_ms: Math.max(0, now.getTime() - record.last_progress_at.getTime()),
    stall_threshold_ms: stallThresholdMs,
  };
}

export function toStalledSession(record: SessionRecord, now: Date): StalledSession {
  return {
    session_id: record.session_id,
    project_id: record.project_id,
    machine_id: record.machine_id,
    docker_slot: record.docker_slot,
    status: record.status,
    last_heartbeat: record.last_heartbeat.toISOString(),
    time_since_heartbeat_ms: silenceOf(record, now),
    stalled_at: timeOf(record.stalled_at),
  };
}
