import type {
  ListStalledSessions,
  SessionHealthReport,
  SessionHealthSummary,
  StalledSessionList,
} from '@claude-projects/shared/contract';
import { Inject, Injectable } from '@nestjs/common';
import { CLOCK, type Clock } from '../common/clock.ts';
import { SILENCE_LIMIT, type SilenceLimit } from '../common/silence-limit.ts';
import { CONFIGURATION, type Configuration } from '../config/configuration.ts';
import { STORAGE } from '../storage/storage.module.ts';
import type { LiveStatus, Storage } from '../storage/storage.ts';
import { overdueSince } from './session-health.ts';
import { sessionNotFound } from './session-refusals.ts';
import { toHealthReport, toStalledSession } from './session-replies.ts';

@Injectable()
export class SessionHealthService {
  constructor(
    @Inject(STORAGE) private readonly storage: Storage,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(CONFIGURATION) private readonly configuration: Configuration,
    @Inject(SILENCE_LIMIT) private readonly silenceLimit: SilenceLimit,
  ) {}

  async summarize(): Promise<SessionHealthSummary> {
    const now = this.clock.now();
    const counts = await this.storage.sessions.countByStatus();
    const { active, paused, stalled } = await this.withOverdue(counts, now);
    return {
      total_sessions: counts.active + counts.paused + counts.stalled + counts.failed + counts.completed,
      active_sessions: active,
      paused_sessions: paused,
      stalled_sessions: stalled,
      failed_sessions: counts.failed,
      completed_sessions: counts.completed,
      last_updated: now.toISOString(),
    };
  }

  /** The part of the summary that a scraper asks for every few seconds; it costs nothing as ended sessions pile up. */
  async countLive(): Promise<Record<LiveStatus, number>> {
    return this.withOverdue(await this.storage.sessions.countLive(), this.clock.now());
  }

  async listStalled({ limit, offset, ...filter }: ListStalledSessions): Promise<StalledSessionList> {
    const now = this.clock.now();
    const page = { limit, offset };
    const stalled = await this.storage.sessions.listStalled(filter, overdueSince(now, this.silenceLimit.ms), page);
    return {
      stalled_sessions: stalled.records.map((record) => toStalledSession(record, now)),
      stall_threshold_ms: this.configuration.stallThresholdMs,
      total: stalled.total,
      ...page,
    };
  }

  async report(sessionId: string): Promise<SessionHealthReport> {
    const record = await this.storage.sessions.get(sessionId);
    if (!record) throw sessionNotFound(sessionId);
    return toHealthReport(record, this.clock.now(), this.silenceLimit.ms, this.configuration.stallThresholdMs);
  }

  private async withOverdue(counts: Record<LiveStatus, number>, now: Date): Promise<Record<LiveStatus, number>> {
    const overdue = await this.storage.sessions.countOverdue(overdueSince(now, this.silenceLimit.ms));
    // The counts are not of one instant: a session may have ended between them.
    const active = Math.min(overdue.active, counts.active);
    const paused = Math.min(overdue.paused, counts.paused);
    return {
      active: counts.active - active,
      paused: counts.paused - paused,
      stalled: counts.stalled + active + paused,
    };
  }
}
