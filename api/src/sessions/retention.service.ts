import type { CleanupReport, Session } from '@claude-projects/shared/contract';
import { Inject, Injectable } from '@nestjs/common';
import { CLOCK, type Clock } from '../common/clock.ts';
import { DomainError } from '../common/domain-error.ts';
import { CONFIGURATION, type Configuration } from '../config/configuration.ts';
import { Log } from '../logging/log.ts';
import type { SessionRecord } from '../storage/records.ts';
import { STORAGE } from '../storage/storage.module.ts';
import type { Storage } from '../storage/storage.ts';
import { namesOf } from './session-names.ts';
import { sessionNotFound } from './session-refusals.ts';
import { toSession } from './session-replies.ts';
import { ENDED_STATES } from './session-states.ts';

const BATCH = 200;
const DAY_MS = 24 * 3_600_000;

/** What is kept of ended sessions, and for how long. */
@Injectable()
export class RetentionService {
  constructor(
    @Inject(STORAGE) private readonly storage: Storage,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(CONFIGURATION) private readonly configuration: Configuration,
    @Inject(Log) private readonly log: Log,
  ) {}

  async archive(sessionId: string): Promise<Session> {
    const now = this.clock.now();
    const { record, changed } = await this.storage.transaction(async ({ sessions, tasks }) => {
      const before = await sessions.get(sessionId);
      if (!before) throw sessionNotFound(sessionId);
      if (before.archived_at) return { record: before, changed: false };
      const archived = await sessions.update(
        sessionId,
        { status: ENDED_STATES },
        { set: { archived_at: now, expires_at: null, updated_at: now } },
      );
      if (!archived) {
        throw new DomainError(
          'INVALID_STATE',
          `Session ${sessionId} is ${before.status}; only completed and failed sessions can be archived.`,
        );
      }
      await tasks.setExpiry(sessionId, null);
      return { record: archived, changed: true };
    });
    if (changed) this.log.info('Session archived', namesOf(record));
    return toSession(record, now, this.configuration.stallThresholdMs);
  }

  /** `olderThanDays` stands in for the configured retention, so it moves the moment at which a session expires. */
  async cleanUp(olderThanDays: number = this.configuration.retentionDays): Promise<CleanupReport> {
    const { retentionDays } = this.configuration;
    const expiredBefore = new Date(this.clock.now().getTime() + (retentionDays - olderThanDays) * DAY_MS);
    const report: CleanupReport = { deleted_sessions: 0, deleted_tasks: 0 };
    for (;;) {
      const ids = await this.storage.sessions.listExpired(expiredBefore, BATCH);
      const before = report.deleted_sessions;
      for (const sessionId of ids) {
        const deleted = await this.deleteExpired(sessionId, expiredBefore);
        if (!deleted) continue;
        report.deleted_sessions++;
        report.deleted_tasks += deleted.tasks;
        this.log.info('Session deleted', {
          ...namesOf(deleted.session),
          completed_at: deleted.session.completed_at?.toISOString(),
        });
      }
      if (report.deleted_sessions === before) return report;
    }
  }

  /** Looks again inside the transaction: the session may have been archived since it was listed. */
  private async deleteExpired(
    sessionId: string,
    expiredBefore: Date,
  ): Promise<{ session: SessionRecord; tasks: number } | null> {
    return this.storage.transaction(async ({ sessions, tasks, machines }) => {
      const session = await sessions.get(sessionId);
      if (!session?.expires_at || session.expires_at >= expiredBefore) return null;
      const deletedTasks = await tasks.deleteOfSession(sessionId);
      await sessions.delete(sessionId);
      await machines.removeSession(session.machine_id, sessionId, this.clock.now());
      return { session, tasks: deletedTasks };
    });
  }
}
