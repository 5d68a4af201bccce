import * as z from 'zod/mini';
import { LIMITS } from './limits.ts';
import { Metadata, StoredMetadata } from './metadata.ts';
import {
  Count,
  DockerSlot,
  ErrorMessage,
  limitUpTo,
  MachineId,
  Milliseconds,
  OccurredAt,
  Offset,
  ProjectId,
  page,
  queryNumber,
  Timestamp,
  text,
  Uuid,
} from './primitives.ts';

export const SessionStatus = z
  .enum(['active', 'paused', 'completed', 'failed', 'stalled'])
  .check(z.meta({ id: 'SessionStatus' }));
export type SessionStatus = z.output<typeof SessionStatus>;

export const Activity = z.enum(['working', 'waiting_for_input', 'idle']).check(z.meta({ id: 'Activity' }));
export type Activity = z.output<typeof Activity>;

export const SessionHealth = z.enum(['healthy', 'late', 'stalled', 'waiting', 'paused', 'ended']).check(
  z.meta({
    id: 'SessionHealth',
    description:
      'Worked out when read. late: silent for over half the stall threshold; stalled: silent for longer than the threshold, active or paused, or marked as stalled; waiting: alive, and waiting for input; paused: paused, and alive.',
  }),
);
export type SessionHealth = z.output<typeof SessionHealth>;

const CurrentTaskId = text(LIMITS.idLength).check(
  z.meta({ description: "The task being worked on; any reference of the client's." }),
);
const ActivityDetail = text(LIMITS.activityDetailLength);

export const Session = z
  .object({
    session_id: z.string(),
    project_id: z.string(),
    machine_id: z.string(),
    docker_slot: z.nullable(z.int()),
    status: SessionStatus,
    health: SessionHealth,
    activity: Activity,
    activity_detail: z.nullable(z.string()),
    current_task_id: z.nullable(z.string()),
    last_heartbeat: Timestamp,
    last_progress_at: Timestamp,
    started_at: Timestamp,
    completed_at: z.nullable(Timestamp),
    stalled_at: z.nullable(Timestamp),
    archived_at: z.nullable(Timestamp),
    error_message: z.nullable(z.string()),
    recovered_from: z.nullable(z.string()),
    recovered_by: z.nullable(z.string()),
    recovery_attempts: Count,
    metadata: StoredMetadata,
    created_at: Timestamp,
    updated_at: Timestamp,
  })
  .check(z.meta({ id: 'Session' }));
export type Session = z.output<typeof Session>;

export const CreateSession = z
  .strictObject({
    session_id: z.optional(Uuid),
    project_id: ProjectId,
    machine_id: MachineId,
    docker_slot: z.optional(DockerSlot),
    metadata: z.optional(Metadata),
    occurred_at: z.optional(OccurredAt),
  })
  .check(z.meta({ id: 'CreateSession' }));
export type CreateSession = z.output<typeof CreateSession>;

export const UpdateSession = z
  .strictObject({
    status: z.optional(SessionStatus),
    docker_slot: z.optional(
      DockerSlot.check(
        z.meta({ description: 'Moves a live session to this slot, for example when its place was taken.' }),
      ),
    ),
    current_task_id: z.optional(z.nullable(CurrentTaskId)),
    activity: z.optional(Activity),
    activity_detail: z.optional(z.nullable(ActivityDetail)),
    error_message: z.optional(ErrorMessage),
    metadata: z.optional(Metadata),
    occurred_at: z.optional(OccurredAt),
  })
  .check(z.meta({ id: 'UpdateSession', description: 'Metadata is merged key by key; the rest is set.' }));
export type UpdateSession = z.output<typeof UpdateSession>;

export const Heartbeat = z
  .strictObject({
    current_task_id: z.optional(z.nullable(CurrentTaskId)),
    activity: z.optional(Activity),
    activity_detail: z.optional(z.nullable(ActivityDetail)),
    metadata: z.optional(Metadata),
  })
  .check(z.meta({ id: 'Heartbeat' }));
export type Heartbeat = z.output<typeof Heartbeat>;

export const MarkFailed = z
  .strictObject({
    error_message: ErrorMessage,
    metadata: z.optional(Metadata),
    occurred_at: z.optional(OccurredAt),
  })
  .check(z.meta({ id: 'MarkFailed' }));
export type MarkFailed = z.output<typeof MarkFailed>;

export const MarkStalled = z
  .strictObject({ metadata: z.optional(Metadata), occurred_at: z.optional(OccurredAt) })
  .check(z.meta({ id: 'MarkStalled' }));
export type MarkStalled = z.output<typeof MarkStalled>;

const placeAndPage = {
  project_id: z.optional(ProjectId),
  machine_id: z.optional(MachineId),
  limit: limitUpTo(LIMITS.sessionsPerPage),
  offset: Offset,
};

export const ListSessions = z.strictObject({
  ...placeAndPage,
  status: z.optional(SessionStatus),
  archived: z.optional(z.enum(['true', 'false'])),
  updated_since: z.optional(z.iso.datetime({ offset: true })),
});
export type ListSessions = z.output<typeof ListSessions>;

export const SessionList = z.object({ sessions: z.array(Session), ...page }).check(z.meta({ id: 'SessionList' }));
export type SessionList = z.output<typeof SessionList>;

export const ListArchivedSessions = z.strictObject(placeAndPage);
export type ListArchivedSessions = z.output<typeof ListArchivedSessions>;

export const SessionHealthSummary = z
  .object({
    total_sessions: Count,
    active_sessions: Count,
    paused_sessions: Count,
    stalled_sessions: Count,
    failed_sessions: Count,
    completed_sessions: Count,
    last_updated: Timestamp,
  })
  .check(
    z.meta({
      id: 'SessionHealthSummary',
      description:
        'An active or paused session past the stall threshold counts as stalled, whether or not the sweep has been.',
    }),
  );
export type SessionHealthSummary = z.output<typeof SessionHealthSummary>;

export const SessionHealthReport = z
  .object({
    session_id: z.string(),
    status: SessionStatus,
    health: SessionHealth,
    is_healthy: z.boolean(),
    is_stalled: z.boolean(),
    last_heartbeat: Timestamp,
    time_since_heartbeat_ms: Milliseconds,
    last_progress_at: Timestamp,
    idle_ms: Milliseconds.check(z.meta({ description: 'Since the work last moved: `last_progress_at`.' })),
    stall_threshold_ms: Milliseconds,
  })
  .check(z.meta({ id: 'SessionHealthReport' }));
export type SessionHealthReport = z.output<typeof SessionHealthReport>;

export const ListStalledSessions = z.strictObject(placeAndPage);
export type ListStalledSessions = z.output<typeof ListStalledSessions>;

export const StalledSession = z
  .object({
    session_id: z.string(),
    project_id: z.string(),
    machine_id: z.string(),
    docker_slot: z.nullable(z.int()),
    status: SessionStatus,
    last_heartbeat: Timestamp,
    time_since_heartbeat_ms: Milliseconds,
    stalled_at: z.nullable(Timestamp),
  })
  .check(z.meta({ id: 'StalledSession' }));
export type StalledSession = z.output<typeof StalledSession>;

export const StalledSessionList = z
  .object({ stalled_sessions: z.array(StalledSession), stall_threshold_ms: Milliseconds, ...page })
  .check(z.meta({ id: 'StalledSessionList' }));
export type StalledSessionList = z.output<typeof StalledSessionList>;

export const DetectFailuresReport = z
  .object({ marked_stalled: Count, session_ids: z.array(z.string()), duration_ms: Milliseconds })
  .check(z.meta({ id: 'DetectFailuresReport' }));
export type DetectFailuresReport = z.output<typeof DetectFailuresReport>;

export const CleanupSessions = z.strictObject({
  older_than_days: z.optional(
    queryNumber(0, LIMITS.retentionDays).check(
      z.meta({ description: 'Takes the place of `RETENTION_DAYS` for this clean-up.' }),
    ),
  ),
});
export type CleanupSessions = z.output<typeof CleanupSessions>;

export const CleanupReport = z
  .object({ deleted_sessions: Count, deleted_tasks: Count })
  .check(z.meta({ id: 'CleanupReport' }));
export type CleanupReport = z.output<typeof CleanupReport>;
