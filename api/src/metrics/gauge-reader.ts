import { Inject, Injectable } from '@nestjs/common';
import { within } from '../common/within.ts';
import { JobsHealthService } from '../health/jobs-health.service.ts';
import { SessionHealthService } from '../sessions/session-health.service.ts';
import { STORAGE } from '../storage/storage.module.ts';
import type { Storage } from '../storage/storage.ts';
import type { Gauges } from './metrics.ts';

/** A scraper gives up after ten seconds, and must get the rest of the page before that. */
const LIMIT_MS = 5000;

/** What sessions, machines and jobs there are, for the metrics. A failing database must not fail the page. */
@Injectable()
export class GaugeReader {
  constructor(
    @Inject(SessionHealthService) private readonly sessions: SessionHealthService,
    @Inject(JobsHealthService) private readonly jobs: JobsHealthService,
    @Inject(STORAGE) private readonly storage: Storage,
  ) {}

  async read(): Promise<Gauges | null> {
    try {
      return await within(LIMIT_MS, this.readAll());
    } catch {
      // `database_up` tells it, and whoever fails for it logs it.
      return null;
    }
  }

  private async readAll(): Promise<Gauges> {
    const { active, stalled } = await this.sessions.countLive();
    const { total } = await this.storage.machines.list({ status: 'offline' }, { limit: 1, offset: 0 });
    const { jobs } = await this.jobs.report();
    return { active, stalled, offlineMachines: total, jobs };
  }
}
