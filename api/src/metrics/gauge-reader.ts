import { Inject, Injectable } from '@nestjs/common';
import { within } from '../common/within.ts';
import { SessionHealthService } from '../sessions/session-health.service.ts';
import { STORAGE } from '../storage/storage.module.ts';
import type { Storage } from '../storage/storage.ts';
import type { GaugeValues } from './metrics.ts';

/** A scraper gives up after ten seconds, and must get the rest of the page before that. */
const LIMIT_MS = 5000;

/** What sessions and machines there are, for the metrics. A database that fails must not take the page with it. */
@Injectable()
export class GaugeReader {
  constructor(
    @Inject(SessionHealthService) private readonly health: SessionHealthService,
    @Inject(STORAGE) private readonly storage: Storage,
  ) {}

  async read(): Promise<GaugeValues | null> {
    try {
      return await within(LIMIT_MS, this.readAll());
    } catch {
      // `database_up` tells it, and whoever fails for it logs it.
      return null;
    }
  }

  private async readAll(): Promise<GaugeValues> {
    const { active, stalled } = await this.health.countLive();
    const { total } = await this.storage.machines.list({ status: 'offline' }, { limit: 1, offset: 0 });
    return { active, stalled, offlineMachines: total };
  }
}
