import type { Machine } from '../../src/contract/machine.ts';
import type { Session, SessionList } from '../../src/contract/session.ts';
import type { Task } from '../../src/contract/task.ts';

const AT = '2026-11-21T10:00:00.000Z';

export const SESSION_ID = '8a7d4f3e-1c2b-4a5d-9e8f-7a6b5c4d3e2f';

export const session: Session = {
  session_id: SESSION_ID,
  project_id: 'acme/shop',
  machine_id: 'workstation',
  docker_slot: null,
  status: 'active',
  health: 'healthy',
  activity: 'working',
  activity_detail: null,
  current_task_id: null,
  last_heartbeat: AT,
  last_progress_at: AT,
  started_at: AT,
  completed_at: null,
  stalled_at: null,
  archived_at: null,
  error_message: null,
  recovered_from: null,
  recovered_by: null,
  recovery_attempts: 0,
  metadata: {},
  created_at: AT,
  updated_at: AT,
};

export const sessionList: SessionList = { sessions: [session], total: 1, limit: 50, offset: 0 };

export const task: Task = {
  task_id: '3f2b8c1d-4e5f-4a6b-8c7d-9e0f1a2b3c4d',
  session_id: SESSION_ID,
  project_id: 'acme/shop',
  github_issue_id: null,
  task_name: 'Write the tests',
  status: 'pending',
  position: 0,
  started_at: null,
  completed_at: null,
  error_message: null,
  metadata: {},
  created_at: AT,
  updated_at: AT,
};

export const machine: Machine = {
  machine_id: 'workstation',
  hostname: 'workstation.local',
  docker_slots: [],
  active_sessions: [],
  status: 'online',
  last_heartbeat: AT,
  metadata: {},
  created_at: AT,
  updated_at: AT,
};
