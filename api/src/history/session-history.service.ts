import { Inject, Injectable } from '@nestjs/common';
import { CLOCK, type Clock } from '../common/clock.ts';
import { Log } from '../logging/log.ts';
import type { SessionRecord } from '../storage/records.ts';
import { STORAGE } from '../storage/storage.module.ts';
import type { Storage } from '../storage/storage.ts';

/** Long enough to hold a month against the same month of the year before. */
const DAYS_KEPT = 400;
const DAY_MS = 24 * 3_600_000;

/**
 * Notes what happened to sessions, for the success measures. What it notes has happened already and been
 * acknowledged, so a note that cannot be taken is logged and missed, and fails nobody's request.
 */
@Injectable()
export class SessionHistoryService {
  constructor(
    @Inject(STORAGE) private readonly storage: Storage,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(Log) private readonly log: Log,
  ) {}

  async foundStalled(sessions: readonly SessionRecord[], at: Date): Promise<void> {
    const stalls = sessions.map(({ session_id, last_heartbeat }) => ({ session_id, last_heartbeat, detected_at: at }));
    await this.note('stalls', () => this.storage.history.recordStalls(stalls));
  }

  async cameBack(sessionId: string, at: Date): Promise<void> {
    await this.note('a return', () => this.storage.history.recordReturn(sessionId, at));
  }

  async forgetOld(): Promise<void> {
    await this.storage.history.forgetBefore(new Date(this.clock.now().getTime() - DAYS_KEPT * DAY_MS));
  }

  private async note(what: string, write: () => Promise<void>): Promise<void> {
    try {
      await write();
    } catch (error) {
      this.log.error('History not kept', { what }, error);
    }
  }
}
