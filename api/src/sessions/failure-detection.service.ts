import type { DetectFailuresReport } from '@claude-projects/shared/contract';
import { Inject, Injectable } from '@nestjs/common';
import { CLOCK, type Clock } from '../common/clock.ts';
import { SILENCE_LIMIT, type SilenceLimit } from '../common/silence-limit.ts';
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

/** A machine is offline once nothing was heard of it for so many stall thresholds. */
const OFFLINE_AFTER_THRESHOLDS = 3;

/** Finds the sessions and machines that fell silent, and gives up the sessions that stayed so. */
@Injectable()
export class FailureDetectionService {
  constructor(
    @Inject(STORAGE) private readonly storage: Storage,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(CONFIGURATION) private readonly configuration: Configuration,
    @Inject(SILENCE_LIMIT) private readonly silenceLimit: SilenceLimit,
    @Inject(Log) private readonly log: Log,
    @Inject(SessionHistoryService) private readonly history: SessionHistoryService,
  ) {}

  async detect(): Promise<DetectFailuresReport> {
    const startedAt = this.clock.now();
    const sessionIds = await this.markStalled();
    await this.failAbandoned();
    await this.markMachines();
    return {
      marked_stalled: sessionIds.length,
      session_ids: sessionIds,
      duration_ms: this.clock.now().getTime() - startedAt.getTime(),
    };
  }

  private async markStalled(): Promise<string[]> {
    const found: string[] = [];
    const now = this.clock.now();
    const silentSince = overdueSince(now, this.silenceLimit.ms);
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
    // A session within the stall threshold is alive: the local server raises it while windows could not be heard.
    const silentSince = overdueSince(now, Math.max(abandonAfterHours * HOUR_MS, this.silenceLimit.ms));
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
            { status: ['stalled', 'paused'], silentSince },
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

  private async markMachines(): Promise<void> {
    const now = this.clock.now();
    const heardSince = overdueSince(now, OFFLINE_AFTER_THRESHOLDS * this.silenceLimit.ms);
    for (const { machine_id, status, last_heartbeat } of await this.storage.machines.markPresence(heardSince, now)) {
      const context = { machine_id, last_heartbeat: last_heartbeat.toISOString() };
      if (status === 'offline') this.log.warn('Machine went offline', context);
      else this.log.info('Machine is online again', context);
    }
  }
}
