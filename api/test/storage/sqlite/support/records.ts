import { randomUUID } from 'node:crypto';
import type { MachineRecord, SessionRecord, TaskRecord } from '../../../../src/storage/records.ts';

export const START = Date.UTC(2026, 0, 1);

export function minutes(count: number): Date {
  return new Date(START + count * 60_000);
}

/** Each in a place of its own. */
export function aSession(given: Partial<SessionRecord> = {}): SessionRecord {
  const session_id = given.session_id ?? randomUUID();
  return {
    session_id,
    project_id: 'project',
    machine_id: `machine-of-${session_id}`,
    docker_slot: null,
    status: 'active',
    activity: 'working',
    activity_detail: null,
    current_task_id: null,
    last_heartbeat: minutes(0),
    last_progress_at: minutes(0),
    started_at: minutes(0),
    completed_at: null,
    stalled_at: null,
    returned_at: null,
    archived_at: null,
    error_message: null,
    recovered_from: null,
    recovered_by: null,
    recovery_attempts: 0,
    recovery_prepared_at: null,
    metadata: {},
    next_position: 0,
    created_from: 'digest',
    expires_at: null,
    created_at: minutes(0),
    updated_at: minutes(0),
    ...given,
  };
}

export function aTask(given: Partial<TaskRecord> = {}): TaskRecord {
  return {
    task_id: randomUUID(),
    session_id: 'session',
    project_id: 'project',
    github_issue_id: null,
    task_name: 'Write the test',
    status: 'pending',
    position: 0,
    started_at: null,
    completed_at: null,
    error_message: null,
    metadata: {},
    created_from: 'digest',
    expires_at: null,
    created_at: minutes(0),
    updated_at: minutes(0),
    ...given,
  };
}

export function aMachine(given: Partial<MachineRecord> = {}): MachineRecord {
  return {
    machine_id: 'machine',
    hostname: 'host',
    docker_slots: [1, 2],
    active_sessions: [],
    status: 'online',
    last_heartbeat: minutes(0),
    metadata: {},
    created_at: minutes(0),
    updated_at: minutes(0),
    ...given,
  };
}
