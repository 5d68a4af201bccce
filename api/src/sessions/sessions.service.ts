import type {
  CreateSession,
  Heartbeat,
  ListArchivedSessions,
  ListSessions,
  MarkFailed,
  MarkStalled,
  Session,
  SessionList,
  SessionStatus,
  UpdateSession,
} from '@claude-projects/shared/contract';
import { Inject, Injectable } from '@nestjs/common';
import { CLOCK, type Clock } from '../common/clock.ts';
import { DomainError, validationError } from '../common/domain-error.ts';
import { MAKE_ID, type MakeId } from '../common/ids.ts';
import { assertMetadataFits } from '../common/metadata-size.ts';
import { occurredAt } from '../common/occurred-at.ts';
import { SILENCE_LIMIT, type SilenceLimit } from '../common/silence-limit.ts';
import { CONFIGURATION, type Configuration } from '../config/configuration.ts';
import { HeartbeatCounts } from '../history/heartbeat-counts.ts';
import { SessionHistoryService } from '../history/session-history.service.ts';
import { Log } from '../logging/log.ts';
import type { SessionRecord } from '../storage/records.ts';
import { STORAGE } from '../storage/storage.module.ts';
import type { SessionFilter, Storage } from '../storage/storage.ts';
import { UniqueViolationError } from '../storage/storage-errors.ts';
import { isRefusedHeartbeat } from './heartbeat-outcome.ts';
import { newSession } from './new-session.ts';
import { heartbeatChanges, sessionChanges } from './session-changes.ts';
import { endSession } from './session-endings.ts';
import { silenceOf } from './session-health.ts';
import { namesOf } from './session-names.ts';
import { placeTaken, sessionNotFound, whySessionRefused } from './session-refusals.ts';
import { toSession } from './session-replies.ts';
import { type EndedState, isEnded, LIVE_STATES, statesLeadingTo } from './session-states.ts';

interface EndReport {
  status: EndedState;
  error_message?: string | undefined;
  metadata?: UpdateSession['metadata'];
  occurred_at?: string | undefined;
}

@Injectable()
export class SessionsService {
  constructor(
    @Inject(STORAGE) private readonly storage: Storage,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(MAKE_ID) private readonly makeId: MakeId,
    @Inject(CONFIGURATION) private readonly configuration: Configuration,
    @Inject(SILENCE_LIMIT) private readonly silenceLimit: SilenceLimit,
    @Inject(Log) private readonly log: Log,
    @Inject(SessionHistoryService) private readonly history: SessionHistoryService,
    @Inject(HeartbeatCounts) private readonly heartbeats: HeartbeatCounts,
  ) {}

  async create(input: CreateSession): Promise<{ created: boolean; session: Session }> {
    const record = newSession(input, input.session_id ?? this.makeId(), this.clock.now());
    try {
      await this.storage.transaction(async ({ sessions, machines }) => {
        await sessions.insert(record);
        await machines.addSession(record.machine_id, record.session_id, record.created_at);
      });
    } catch (error) {
      if (!(error instanceof UniqueViolationError)) throw error;
      return { created: false, session: this.reply(await this.alreadyCreated(input, record)) };
    }
    this.log.info('Session created', namesOf(record));
    return { created: true, session: this.reply(record) };
  }

  async get(sessionId: string): Promise<Session> {
    const record = await this.storage.sessions.get(sessionId);
    if (!record) throw sessionNotFound(sessionId);
    return this.reply(record);
  }

  async list({ limit, offset, archived, updated_since, ...filter }: ListSessions): Promise<SessionList> {
    return this.listMatching(
      {
        ...filter,
        archived: archived === undefined ? undefined : archived === 'true',
        updatedSince: updated_since === undefined ? undefined : new Date(updated_since),
      },
      { limit, offset },
    );
  }

  async listArchived({ limit, offset, ...filter }: ListArchivedSessions): Promise<SessionList> {
    return this.listMatching({ ...filter, archived: true }, { limit, offset });
  }

  async update(sessionId: string, update: UpdateSession): Promise<Session> {
    const { status, docker_slot, error_message } = update;
    if (docker_slot !== undefined && status !== undefined && isEnded(status)) {
      throw validationError([{ field: 'docker_slot', message: 'goes with a session that is live' }]);
    }
    if (error_message !== undefined && status !== 'failed') {
      throw validationError([{ field: 'error_message', message: 'goes with status "failed" only' }]);
    }
    if (status !== undefined && isEnded(status)) return this.end(sessionId, { ...update, status });
    const now = this.clock.now();
    let from: SessionStatus | undefined;
    const updated = await this.write(sessionId, docker_slot, async () =>
      this.storage.transaction(async ({ sessions }) => {
        const before = await sessions.get(sessionId);
        if (!before) return null;
        from = before.status;
        const record =
          (status !== undefined &&
            (await sessions.update(
              sessionId,
              { status: statesLeadingTo(status) },
              sessionChanges(update, before, now, status),
            ))) ||
          // Not a step, or one it has taken already: the rest of the update holds all the same.
          (await sessions.update(
            sessionId,
            { status: status ? [status] : LIVE_STATES },
            sessionChanges(update, before, now),
          ));
        if (record && update.metadata) assertMetadataFits(record.metadata);
        return record;
      }),
    );
    if (!updated) throw await whySessionRefused(this.storage.sessions, sessionId, status);
    if (updated.status !== from) {
      this.logStep(updated, from, now);
      if (status === 'stalled') await this.history.foundStalled([updated], now);
      if (from === 'stalled') await this.history.cameBack(sessionId, now);
    }
    return this.reply(updated);
  }

  async markFailed(sessionId: string, report: MarkFailed): Promise<Session> {
    return this.end(sessionId, { ...report, status: 'failed' });
  }

  async markStalled(sessionId: string, report: MarkStalled): Promise<Session> {
    return this.update(sessionId, { ...report, status: 'stalled' });
  }

  async heartbeat(sessionId: string, beat: Heartbeat): Promise<Session> {
    const now = this.clock.now();
    try {
      const record = await this.beat(sessionId, beat, now);
      this.heartbeats.received(now);
      return this.reply(record);
    } catch (error) {
      if (isRefusedHeartbeat(error)) this.heartbeats.refused(now);
      throw error;
    }
  }

  private async beat(sessionId: string, beat: Heartbeat, now: Date): Promise<SessionRecord> {
    const changes = heartbeatChanges(beat, now);
    const record = await this.write(sessionId, undefined, async () =>
      beat.metadata === undefined
        ? this.storage.sessions.heartbeat(sessionId, changes)
        : this.storage.transaction(async ({ sessions }) => {
            const beaten = await sessions.heartbeat(sessionId, changes);
            if (beaten) assertMetadataFits(beaten.metadata);
            return beaten;
          }),
    );
    if (!record) throw await whySessionRefused(this.storage.sessions, sessionId);
    this.log.debug('Heartbeat received', () => ({
      ...namesOf(record),
      last_heartbeat: record.last_heartbeat.toISOString(),
    }));
    if (record.returned_at?.getTime() === changes.at.getTime()) {
      this.log.info('Session came back by itself', namesOf(record));
      await this.history.cameBack(sessionId, now);
    }
    return record;
  }

  async delete(sessionId: string): Promise<void> {
    const deleted = await this.storage.transaction(async ({ sessions, tasks, machines }) => {
      await tasks.deleteOfSession(sessionId);
      const record = await sessions.delete(sessionId);
      if (record) await machines.removeSession(record.machine_id, sessionId, this.clock.now());
      return record;
    });
    if (!deleted) throw sessionNotFound(sessionId);
    this.log.info('Session deleted', namesOf(deleted));
  }

  private async end(sessionId: string, report: EndReport): Promise<Session> {
    const now = this.clock.now();
    const { status } = report;
    const { record, changed } = await this.storage.transaction(async (stores) => {
      const ended = await endSession(stores, sessionId, {
        status,
        now,
        at: occurredAt(report.occurred_at, now),
        retentionDays: this.configuration.retentionDays,
        errorMessage: report.error_message,
        metadata: report.metadata,
      });
      if (ended) return { record: ended, changed: true };
      // Told again what it was told before, as after a lost reply: that is no error, and changes nothing.
      const before = await stores.sessions.get(sessionId);
      const again = before?.status === status && before.recovered_by === null;
      return { record: again ? before : null, changed: false };
    });
    if (!record) throw await whySessionRefused(this.storage.sessions, sessionId, status);
    if (changed && status === 'failed') {
      this.log.warn('Session marked failed', { ...namesOf(record), error_message: record.error_message });
    } else if (changed) this.log.info('Session completed', namesOf(record));
    return this.reply(record);
  }

  private logStep(record: SessionRecord, from: SessionStatus | undefined, now: Date): void {
    if (record.status === 'stalled') {
      this.log.warn('Session marked stalled', { ...namesOf(record), time_since_heartbeat_ms: silenceOf(record, now) });
    } else this.log.info('Session status changed', { ...namesOf(record), from, to: record.status });
  }

  /** A place may have been taken since the session left it, or before the session moved to it. */
  private async write(
    sessionId: string,
    newSlot: number | undefined,
    work: () => Promise<SessionRecord | null>,
  ): Promise<SessionRecord | null> {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof UniqueViolationError)) throw error;
      const session = await this.storage.sessions.get(sessionId);
      if (!session) throw sessionNotFound(sessionId);
      throw await placeTaken(this.storage.sessions, { ...session, docker_slot: newSlot ?? session.docker_slot });
    }
  }

  private async alreadyCreated(input: CreateSession, wanted: SessionRecord): Promise<SessionRecord> {
    const existing = input.session_id ? await this.storage.sessions.get(input.session_id) : null;
    if (!existing) throw await placeTaken(this.storage.sessions, wanted);
    if (existing.created_from === wanted.created_from) return existing;
    throw new DomainError('ID_REUSED', `Session ${existing.session_id} exists and was created with other content.`);
  }

  private async listMatching(filter: SessionFilter, page: { limit: number; offset: number }): Promise<SessionList> {
    const { records, total } = await this.storage.sessions.list(filter, page);
    return { sessions: records.map((record) => this.reply(record)), total, ...page };
  }

  private reply(record: SessionRecord): Session {
    return toSession(record, this.clock.now(), this.silenceLimit.ms);
  }
}
