import type { Heartbeat, SessionStatus, UpdateSession } from '@claude-projects/shared/contract';
import { later, occurredAt } from '../common/occurred-at.ts';
import type { SessionRecord } from '../storage/records.ts';
import type { HeartbeatChanges, SessionChanges } from '../storage/storage.ts';

/**
 * What an update writes; `step` is the state it moves the session into, if it moves it. Another task is progress,
 * as it is in a heartbeat; what is reported late never moves the progress back.
 */
export function sessionChanges(
  update: UpdateSession,
  before: SessionRecord,
  now: Date,
  step?: SessionStatus,
): SessionChanges {
  const at = occurredAt(update.occurred_at, now);
  const { docker_slot, current_task_id, activity, activity_detail, metadata } = update;
  return {
    set: {
      updated_at: now,
      ...(step !== undefined && { status: step }),
      ...(step === 'stalled' && { stalled_at: at }),
      ...(step === 'active' && { stalled_at: null }),
      ...(docker_slot !== undefined && { docker_slot }),
      ...(current_task_id !== undefined &&
        current_task_id !== before.current_task_id && {
          current_task_id,
          last_progress_at: later(before.last_progress_at, at),
        }),
      // What was said of the last activity does not describe the next one.
      ...(activity !== undefined && { activity, activity_detail: null }),
      ...(activity_detail !== undefined && { activity_detail }),
    },
    ...(metadata && { mergeMetadata: metadata }),
  };
}

export function heartbeatChanges(
  { current_task_id, activity, activity_detail, metadata }: Heartbeat,
  now: Date,
): HeartbeatChanges {
  return {
    at: now,
    currentTaskId: current_task_id,
    activity,
    activityDetail: activity !== undefined && activity_detail === undefined ? null : activity_detail,
    mergeMetadata: metadata,
  };
}
