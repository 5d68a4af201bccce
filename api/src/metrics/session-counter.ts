import { Inject, Injectable } from '@nestjs/common';
import { within } from '../common/within.ts';
import { SessionHealthService } from '../sessions/session-health.service.ts';
import type { SessionCounts } from './metrics.ts';

/** A scraper gives up after ten seconds, and must get the rest of the page before that. */
const LIMIT_MS = 5000;

/** The numbers of /api/sessions/health for the metrics; a database that fails must not take the page with it. */
@Injectable()
export class SessionCounter {
  constructor(@Inject(SessionHealthService) private readonly health: SessionHealthService) {}

  async count(): Promise<SessionCounts | null> {
    try {
      return await within(LIMIT_MS, this.health.countLive());
    } catch {
      // `database_up` tells it, and whoever fails for it logs it.
      return null;
    }
  }
}
