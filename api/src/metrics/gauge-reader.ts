import { Inject, Injectable } from '@nestjs/common';
import { within } from '../common/within.ts';
import { JobsHealthService } from '../health/jobs-health.service.ts';
import { SessionHealthService } from '../sessions/session-health.service.ts';
import { STORAGE } from '../storage/storage.module.ts';
import type { Storage } from '../storage/storage.ts';
import type { Gauges } from './metrics.ts';

/** A scraper gives up after ten seconds. It must get the rest of the page before. */
const LIMIT_MS = 5000;

/** Reads the gauges of sessions, machines and jobs. A failing database must not fail the metrics page. */
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
      // `database_up` shows the failure, and the failing call has logged it.
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
