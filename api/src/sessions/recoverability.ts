import { DomainError } from '../common/domain-error.ts';
import type { SessionRecord } from '../storage/records.ts';
import type { SessionGuard } from '../storage/storage.ts';
import { healthOf, overdueSince } from './session-health.ts';

export interface RecoveryRules {
  now: Date;
  stallThresholdMs: number;
  maxRecoveryAttempts: number;
  force: boolean;
}

/** Dead or silent for too long, and not continued elsewhere. */
export function isRecoverable(session: SessionRecord, now: Date, stallThresholdMs: number): boolean {
  if (session.recovered_by !== null) return false;
  return session.status === 'failed' || healthOf(session, now, stallThresholdMs) === 'stalled';
}

/** Holds as long as nothing brought back, ended or recovered a session that is recoverable. */
export function deadGuard({ status }: SessionRecord, now: Date, stallThresholdMs: number): SessionGuard {
  return {
    status: [status],
    notRecovered: true,
    ...((status === 'active' || status === 'paused') && { silentSince: overdueSince(now, stallThresholdMs) }),
  };
}

/** The guard under which a session may be recovered; throws where the rules are against it. */
export function recoveryGuard(session: SessionRecord, rules: RecoveryRules): SessionGuard {
  const { now, stallThresholdMs, maxRecoveryAttempts, force } = rules;
  if (!isRecoverable(session, now, stallThresholdMs)) {
    throw new DomainError(
      'NOT_RECOVERABLE',
      session.status === 'completed'
        ? `Session ${session.session_id} is completed; there is nothing to recover.`
        : `Session ${session.session_id} is ${session.status} and alive: its last heartbeat came at ${session.last_heartbeat.toISOString()}.`,
    );
  }
  if (session.recovery_attempts >= maxRecoveryAttempts && !force) {
    throw new DomainError(
      'RECOVERY_LIMIT_REACHED',
      `This work was recovered ${session.recovery_attempts} times already. Look at why it keeps dying, or recover with force.`,
    );
  }
  return deadGuard(session, now, stallThresholdMs);
}
