import { DomainError } from '../common/domain-error.ts';
import type { SessionRecord } from '../storage/records.ts';
import type { SessionGuard } from '../storage/storage.ts';
import { healthOf, overdueSince } from './session-health.ts';

export interface RecoveryRules {
  now: Date;
  silenceLimitMs: number;
  maxRecoveryAttempts: number;
  force: boolean;
}

/** Dead or silent for too long, and not continued elsewhere. */
export function isRecoverable(session: SessionRecord, now: Date, silenceLimitMs: number): boolean {
  if (session.recovered_by !== null) return false;
  return session.status === 'failed' || healthOf(session, now, silenceLimitMs) === 'stalled';
}

/** Holds as long as nothing brought back, ended or recovered a session that is recoverable. */
export function deadGuard({ status }: SessionRecord, now: Date, silenceLimitMs: number): SessionGuard {
  return {
    status: [status],
    notRecovered: true,
    ...((status === 'active' || status === 'paused') && { silentSince: overdueSince(now, silenceLimitMs) }),
  };
}

/** The guard under which a session may be recovered; throws where the rules are against it. */
export function recoveryGuard(session: SessionRecord, rules: RecoveryRules): SessionGuard {
  const { now, silenceLimitMs, maxRecoveryAttempts, force } = rules;
  if (!isRecoverable(session, now, silenceLimitMs)) {
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
  return deadGuard(session, now, silenceLimitMs);
}
