import type { RecoveryState } from '@claude-projects/shared/contract';
import type { SessionRecord, TaskRecord } from '../storage/records.ts';
import { toTask } from '../tasks/task-reply.ts';
import { isRecoverable, type RecoveryRules } from './recoverability.ts';
import { factsInMetadata } from './session-replies.ts';

export function toRecoveryState(
  session: SessionRecord,
  tasks: readonly TaskRecord[],
  { now, silenceLimitMs, maxRecoveryAttempts }: Omit<RecoveryRules, 'force'>,
): RecoveryState {
  const inState = (status: TaskRecord['status']) => tasks.filter((task) => task.status === status);
  const lastSuccessful = inState('completed').reduce<TaskRecord | null>(
    (last, task) => (last === null || endOf(task) >= endOf(last) ? task : last),
    null,
  );
  return {
    session_id: session.session_id,
    project_id: session.project_id,
    status: session.status,
    recoverable: isRecoverable(session, now, silenceLimitMs),
    recovered_by: session.recovered_by,
    recovery_attempts: session.recovery_attempts,
    max_recovery_attempts: maxRecoveryAttempts,
    recovery_prepared_at: session.recovery_prepared_at?.toISOString() ?? null,
    last_successful_task: lastSuccessful && toTask(lastSuccessful),
    failed_tasks: inState('failed').map(toTask),
    in_progress_tasks: inState('in_progress').map(toTask),
    pending_tasks: inState('pending').map(toTask),
    blocked_tasks: inState('blocked').map(toTask),
    last_heartbeat: session.last_heartbeat.toISOString(),
    metadata: { ...session.metadata, ...factsInMetadata(session) },
  };
}

function endOf(task: TaskRecord): number {
  return task.completed_at?.getTime() ?? 0;
}
