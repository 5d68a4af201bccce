import type { Activity, MachineStatus, Metadata, SessionStatus, TaskStatus } from '@claude-projects/shared/contract';

/** What the engines keep. Replies are made from records by explicit mappers; records never leave the API. */
export interface SessionRecord {
  session_id: string;
  project_id: string;
  machine_id: string;
  docker_slot: number | null;
  status: SessionStatus;
  activity: Activity;
  activity_detail: string | null;
  current_task_id: string | null;
  last_heartbeat: Date;
  last_progress_at: Date;
  started_at: Date;
  completed_at: Date | null;
  stalled_at: Date | null;
  /** When a heartbeat last brought it back from `stalled`. */
  returned_at: Date | null;
  archived_at: Date | null;
  error_message: string | null;
  recovered_from: string | null;
  recovered_by: string | null;
  recovery_attempts: number;
  recovery_prepared_at: Date | null;
  metadata: Metadata;
  /** The position its next task gets; counted here so that two creations never share one. */
  next_position: number;
  /** Identifies the content of the create, so that a repeated create is told from a reused id. */
  created_from: string;
  /** From when on retention may delete it; null while it lives or is archived. */
  expires_at: Date | null;
  created_at: Date;
  updated_at: Date;
}

export interface TaskRecord {
  task_id: string;
  session_id: string;
  project_id: string;
  github_issue_id: string | null;
  task_name: string;
  status: TaskStatus;
  position: number;
  started_at: Date | null;
  completed_at: Date | null;
  error_message: string | null;
  metadata: Metadata;
  created_from: string;
  expires_at: Date | null;
  created_at: Date;
  updated_at: Date;
}

export interface MachineRecord {
  machine_id: string;
  hostname: string;
  docker_slots: number[];
  active_sessions: string[];
  status: MachineStatus;
  last_heartbeat: Date;
  metadata: Metadata;
  created_at: Date;
  updated_at: Date;
}

export interface JobRun {
  job: string;
  started_at: Date;
  duration_ms: number;
  affected: number;
  succeeded: boolean;
}

/** A job that has never run is late by this. */
export interface ExpectedJob {
  job: string;
  since: Date;
}

export interface StallRecord {
  session_id: string;
  last_heartbeat: Date;
  detected_at: Date;
}
