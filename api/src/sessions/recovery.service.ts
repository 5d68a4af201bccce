import type { RecoverSession, RecoveryState, Session } from '@claude-projects/shared/contract';
import { Inject, Injectable } from '@nestjs/common';
import { CLOCK, type Clock } from '../common/clock.ts';
import { DomainError } from '../common/domain-error.ts';
import { fingerprint } from '../common/fingerprint.ts';
import { MAKE_ID, type MakeId } from '../common/ids.ts';
import { SILENCE_LIMIT, type SilenceLimit } from '../common/silence-limit.ts';
import { CONFIGURATION, type Configuration } from '../config/configuration.ts';
import { Log } from '../logging/log.ts';
import type { SessionRecord, TaskRecord } from '../storage/records.ts';
import { STORAGE } from '../storage/storage.module.ts';
import type { Storage, Stores } from '../storage/storage.ts';
import { UniqueViolationError } from '../storage/storage-errors.ts';
import { successorOf } from './new-session.ts';
import { deadGuard, isRecoverable, recoveryGuard } from './recoverability.ts';
import { planRecovery, type RecoveryPlan } from './recovery-plan.ts';
import { toRecoveryState } from './recovery-state.ts';
import { expiryOf } from './session-endings.ts';
import { placeTaken, sessionNotFound } from './session-refusals.ts';
import { toSession } from './session-replies.ts';

/** Continues a dead session in a new one, exactly once however many ask for it. */
@Injectable()
export class RecoveryService {
  constructor(
    @Inject(STORAGE) private readonly storage: Storage,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(MAKE_ID) private readonly makeId: MakeId,
    @Inject(CONFIGURATION) private readonly configuration: Configuration,
    @Inject(SILENCE_LIMIT) private readonly silenceLimit: SilenceLimit,
    @Inject(Log) private readonly log: Log,
  ) {}

  async state(sessionId: string): Promise<RecoveryState> {
    return this.storage.transaction(async (stores) => {
      const session = await stores.sessions.get(sessionId);
      if (!session) throw sessionNotFound(sessionId);
      return this.stateOf(stores, session);
    });
  }

  async prepare(sessionId: string): Promise<RecoveryState> {
    const now = this.clock.now();
    const silenceLimitMs = this.silenceLimit.ms;
    return this.storage.transaction(async (stores) => {
      const session = await stores.sessions.get(sessionId);
      if (!session) throw sessionNotFound(sessionId);
      if (!isRecoverable(session, now, silenceLimitMs)) {
        throw new DomainError(
          'INVALID_STATE',
          `Session ${sessionId} is ${session.status}; only failed and stalled sessions can be prepared for recovery.`,
        );
      }
      const prepared = await stores.sessions.update(sessionId, deadGuard(session, now, silenceLimitMs), {
        set: { recovery_prepared_at: now, updated_at: now },
      });
      if (!prepared) throw changedMeanwhile(sessionId);
      return this.stateOf(stores, prepared);
    });
  }

  async recover(sessionId: string, input: RecoverSession): Promise<{ created: boolean; session: Session }> {
    const now = this.clock.now();
    const successorId = this.makeId();
    let projectId = '';
    try {
      const { created, session } = await this.storage.transaction(async (stores) => {
        const original = await stores.sessions.get(sessionId);
        if (!original) throw sessionNotFound(sessionId);
        projectId = original.project_id;
        if (original.recovered_by !== null) {
          return { created: false, session: await existingSuccessor(stores, original, original.recovered_by) };
        }
        return { created: true, session: await this.replace(stores, original, input, successorId, now) };
      });
      if (created) {
        this.log.info('Session recovered', {
          session_id: session.session_id,
          original_session_id: sessionId,
          new_session_id: session.session_id,
          project_id: session.project_id,
          machine_id: session.machine_id,
          recovery_attempts: session.recovery_attempts,
        });
      }
      return { created, session: toSession(session, this.clock.now(), this.silenceLimit.ms) };
    } catch (error) {
      if (!(error instanceof UniqueViolationError)) throw error;
      throw await placeTaken(this.storage.sessions, {
        project_id: projectId,
        machine_id: input.new_machine_id,
        docker_slot: input.docker_slot ?? null,
      });
    }
  }

  private async replace(
    stores: Stores,
    original: SessionRecord,
    input: RecoverSession,
    successorId: string,
    now: Date,
  ): Promise<SessionRecord> {
    const { maxRecoveryAttempts, retentionDays } = this.configuration;
    const silenceLimitMs = this.silenceLimit.ms;
    const guard = recoveryGuard(original, { now, silenceLimitMs, maxRecoveryAttempts, force: input.force });
    const expiresAt = original.archived_at ? null : expiryOf(now, retentionDays);
    const replaced = await stores.sessions.update(original.session_id, guard, {
      set: {
        status: 'completed',
        recovered_by: successorId,
        completed_at: original.completed_at ?? now,
        current_task_id: null,
        expires_at: expiresAt,
        updated_at: now,
      },
    });
    if (!replaced) throw changedMeanwhile(original.session_id);
    const plan = planRecovery(await stores.tasks.listOfSession(original.session_id), input.reset_failed_tasks);
    const place = { machine_id: input.new_machine_id, docker_slot: input.docker_slot ?? null };
    const successor = successorOf(original, place, successorId, plan.nextPosition, now);
    await stores.sessions.insert(successor);
    await this.carryOver(stores, plan, successor, now);
    await stores.tasks.setExpiry(original.session_id, expiresAt);
    await stores.machines.removeSession(original.machine_id, original.session_id, now);
    await stores.machines.addSession(successor.machine_id, successorId, now);
    return successor;
  }

  private async carryOver({ tasks }: Stores, plan: RecoveryPlan, successor: SessionRecord, now: Date): Promise<void> {
    const { session_id } = successor;
    for (const { task, position } of plan.moved) {
      await tasks.update(
        task.task_id,
        { sessionId: task.session_id, status: [task.status] },
        { set: { session_id, position, expires_at: null, updated_at: now } },
      );
    }
    for (const task of plan.interrupted) {
      await tasks.update(
        task.task_id,
        { status: ['in_progress'] },
        {
          set: {
            status: 'failed',
            completed_at: now,
            error_message: `Interrupted when the session died; the work goes on in session ${session_id}.`,
            updated_at: now,
          },
        },
      );
    }
    for (const { task, position } of plan.retried) {
      await tasks.insert(retryRecord(task, this.makeId(), session_id, position, now));
    }
  }

  private async stateOf({ tasks }: Stores, session: SessionRecord): Promise<RecoveryState> {
    return toRecoveryState(session, await tasks.listOfSession(session.session_id), {
      now: this.clock.now(),
      silenceLimitMs: this.silenceLimit.ms,
      maxRecoveryAttempts: this.configuration.maxRecoveryAttempts,
    });
  }
}

function changedMeanwhile(sessionId: string): Error {
  return new Error(`session ${sessionId} changed inside the transaction that recovers it`);
}

async function existingSuccessor(stores: Stores, original: SessionRecord, successorId: string): Promise<SessionRecord> {
  const successor = await stores.sessions.get(successorId);
  if (successor) return successor;
  throw new DomainError(
    'NOT_RECOVERABLE',
    `Session ${original.session_id} was recovered by session ${successorId}, which has been deleted since.`,
  );
}

function retryRecord(task: TaskRecord, taskId: string, sessionId: string, position: number, now: Date): TaskRecord {
  return {
    ...task,
    task_id: taskId,
    session_id: sessionId,
    status: 'pending',
    position,
    started_at: null,
    completed_at: null,
    error_message: null,
    created_from: fingerprint({ retry_of: task.task_id }),
    expires_at: null,
    created_at: now,
    updated_at: now,
  };
}
