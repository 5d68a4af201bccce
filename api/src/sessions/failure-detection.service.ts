import type { DetectFailuresReport } from '@claude-projects/shared/contract';
import { Inject, Injectable } from '@nestjs/common';
import { CLOCK, type Clock } from '../common/clock.ts';
import { CONFIGURATION, type Configuration } from '../config/configuration.ts';
import { SessionHistoryService } from '../history/session-history.service.ts';
import { Log } from '../logging/log.ts';
import { STORAGE } from '../storage/storage.module.ts';
import type { Storage } from '../storage/storage.ts';
import { endSession } from './session-endings.ts';
import { overdueSince, silenceOf } from './session-health.ts';
import { namesOf } from './session-names.ts';

const BATCH = 500;
const HOUR_MS = 3_600_000;

/** Finds the sessions that fell silent, and gives up those that stayed so. */
@Injectable()
export class FailureDetectionService {
  constructor(
    @Inject(STORAGE) private readonly storage: Storage,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(CONFIGURATION) private readonly configuration: Configuration,
    @Inject(Log) private readonly log: Log,
    @Inject(SessionHistoryService) private readonly history: SessionHistoryService,
  ) {}

  async detect(): Promise<DetectFailuresReport> {
    const startedAt = this.clock.now();
    const sessionIds = await this.markStalled();
    await this.failAbandoned();
    return {
      marked_stalled: sessionIds.length,
      session_ids: sessionIds,
      duration_ms: this.clock.now().getTime() - startedAt.getTime(),
    };
  }

  private async markStalled(): Promise<string[]> {
    const found: string[] = [];
    const now = this.clock.now();
    const silentSince = overdueSince(now, this.configuration.stallThresholdMs);
    for (;;) {
      const batch = await this.storage.sessions.markOverdueStalled(silentSince, now, BATCH);
      for (const session of batch) {
        found.push(session.session_id);
        this.log.warn('Stalled session detected', {
          ...namesOf(session),
          time_since_heartbeat_ms: silenceOf(session, now),
        });
      }
      if (batch.length === 0) return found;
      await this.history.foundStalled(batch, now);
    }
  }

  private async failAbandoned(): Promise<void> {
    const { abandonAfterHours, retentionDays } = this.configuration;
    if (abandonAfterHours === 0) return;
    const now = this.clock.now();
    const silentSince = new Date(now.getTime() - abandonAfterHours * HOUR_MS);
    const errorMessage = `abandoned: silent for more than ${abandonAfterHours} h`;
    for (;;) {
      const ids = await this.storage.sessions.listAbandoned(silentSince, BATCH);
      let failed = 0;
      for (const sessionId of ids) {
        const session = await this.storage.transaction(async (stores) =>
          endSession(
            stores,
            sessionId,
            { status: 'failed', at: now, now, retentionDays, errorMessage },
            { status: ['stalled'], silentSince },
          ),
        );
        // Null: it came back, or was recovered, since it was listed.
        if (!session) continue;
        failed++;
        this.log.warn('Session marked failed', { ...namesOf(session), error_message: errorMessage });
      }
      if (failed === 0) return;
    }
  }
}
