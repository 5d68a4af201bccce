import { randomUUID } from 'node:crypto';
import type { Session } from '@claude-projects/shared/client';

/** A session as the API replies it. */
export function sampleSession(changes: Partial<Session> = {}): Session {
  const at = '2026-03-01T09:00:00.000Z';
  return {
    session_id: randomUUID(),
    project_id: 'acme/shop',
    machine_id: 'laptop',
    docker_slot: null,
    status: 'active',
    health: 'healthy',
    activity: 'working',
    activity_detail: null,
    current_task_id: null,
    last_heartbeat: at,
    last_progress_at: at,
    started_at: at,
    completed_at: null,
    stalled_at: null,
    archived_at: null,
    error_message: null,
    recovered_from: null,
    recovered_by: null,
    recovery_attempts: 0,
    metadata: {},
    created_at: at,
    updated_at: at,
    ...changes,
  };
}
