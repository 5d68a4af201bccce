import type { SessionRecord } from '../../records.ts';
import type { HeartbeatChanges } from '../../storage.ts';
import type { Stored } from '../documents/fields.ts';
import { toSessionOrNull } from '../documents/session-document.ts';
import { type Assignments, assignAll, literal, mergeInto } from '../documents/update-stage.ts';
import type { Runner } from '../engine/runner.ts';
import { CHANGED } from '../engine/writes.ts';

const IS_STALLED = { $eq: ['$status', 'stalled'] };

/**
 * A beat of a session that runs and is at the task it was at is one plain update. Only if it meets no such session
 * is the complete one made, which also dates a change of task and can bring a stalled session back.
 */
export async function heartbeat(
  runner: Runner,
  sessionId: string,
  changes: HeartbeatChanges,
): Promise<SessionRecord | null> {
  const beaten = changes.mergeMetadata === undefined ? await beat(runner, sessionId, changes) : null;
  return beaten ?? beatOrRevive(runner, sessionId, changes);
}

/** Straight to the driver: mongoose's casting costs more than all the rest of a beat on this side. */
async function beat(
  { models, options, run }: Runner,
  sessionId: string,
  { at, currentTaskId, activity, activityDetail }: HeartbeatChanges,
): Promise<SessionRecord | null> {
  const found = await run(() =>
    models.sessions.collection.findOneAndUpdate(
      {
        session_id: sessionId,
        status: { $in: ['active', 'paused'] },
        ...(currentTaskId !== undefined && { current_task_id: currentTaskId }),
      },
      {
        $set: {
          last_heartbeat: at,
          updated_at: at,
          ...(activity !== undefined && { activity }),
          ...(activityDetail !== undefined && { activity_detail: activityDetail }),
        },
      },
      { ...options, returnDocument: 'after' },
    ),
  );
  return toSessionOrNull(found);
}

/** One update that decides on the status it meets: no stall sweep can slip in between a look and a write. */
async function beatOrRevive(
  { models, options, run }: Runner,
  sessionId: string,
  changes: HeartbeatChanges,
): Promise<SessionRecord | null> {
  const filter = { session_id: sessionId, status: { $in: ['active' as const, 'paused' as const, 'stalled' as const] } };
  const update = [{ $set: heartbeatAssignments(changes) }];
  return toSessionOrNull(
    await run(() => models.sessions.findOneAndUpdate(filter, update, { ...options, ...CHANGED }).lean<Stored>()),
  );
}

/** All expressions of one stage see the document as it was before. */
function heartbeatAssignments({
  at,
  currentTaskId,
  activity,
  activityDetail,
  mergeMetadata,
}: HeartbeatChanges): Assignments {
  return {
    ...assignAll({ last_heartbeat: at, updated_at: at, activity, activity_detail: activityDetail }),
    status: { $cond: [IS_STALLED, 'active', '$status'] },
    stalled_at: { $cond: [IS_STALLED, null, '$stalled_at'] },
    returned_at: { $cond: [IS_STALLED, literal(at), '$returned_at'] },
    ...(currentTaskId !== undefined && {
      current_task_id: literal(currentTaskId),
      last_progress_at: {
        $cond: [
          { $eq: [{ $ifNull: ['$current_task_id', null] }, literal(currentTaskId)] },
          '$last_progress_at',
          literal(at),
        ],
      },
    }),
    ...mergeInto(mergeMetadata),
  };
}
