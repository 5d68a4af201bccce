import type { QueryFilter } from 'mongoose';
import type { SessionRecord } from '../../records.ts';
import type { SessionGuard } from '../../storage.ts';

export type SessionQuery = QueryFilter<SessionRecord>;

export function guardedSession(sessionId: string, guard: SessionGuard): SessionQuery {
  return {
    session_id: sessionId,
    ...(guard.status && { status: { $in: [...guard.status] } }),
    ...(guard.silentSince && { last_heartbeat: { $lt: guard.silentSince } }),
    ...(guard.notRecovered && { recovered_by: null }),
    ...(guard.currentTaskId !== undefined && { current_task_id: guard.currentTaskId }),
    ...(guard.recoveryAttemptsBelow !== undefined && { recovery_attempts: { $lt: guard.recoveryAttemptsBelow } }),
  };
}
