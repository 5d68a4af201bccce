import type { DetailedHealth } from '@claude-projects/shared/contract';
import { Inject, Injectable } from '@nestjs/common';
import { CLOCK, type Clock } from '../common/clock.ts';
import { VERSION } from '../common/version.ts';
import { within } from '../common/within.ts';
import { CONFIGURATION, type Configuration } from '../config/configuration.ts';
import { JobsService } from '../jobs/jobs.service.ts';
import { Log } from '../logging/log.ts';
import { STORAGE } from '../storage/storage.module.ts';
import type { Storage } from '../storage/storage.ts';
import { checkDatabase } from './database-check.ts';
import { type JobsHealth, unknownJobs } from './jobs-check.ts';
import { JobsHealthService } from './jobs-health.service.ts';
import { worstOf } from './worst-of.ts';

const LIMIT_MS = 5000;

/** How each thing that the service depends on is. */
@Injectable()
export class DetailedHealthService {
  constructor(
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(STORAGE) private readonly storage: Storage,
    @Inject(CONFIGURATION) private readonly configuration: Configuration,
    @Inject(JobsService) private readonly jobs: JobsService,
    @Inject(JobsHealthService) private readonly jobsHealth: JobsHealthService,
    @Inject(Log) private readonly log: Log,
  ) {}

  async report(): Promise<DetailedHealth> {
    const [database, background_jobs] = await Promise.all([checkDatabase(this.storage, this.clock), this.checkJobs()]);
    const status = worstOf([database.status, background_jobs.status]);
    if (status !== 'ok') {
      this.log.warn('Health check failed', { database: database.status, background_jobs: background_jobs.status });
    }
    return {
      status,
      timestamp: this.clock.now().toISOString(),
      uptime: process.uptime(),
      version: VERSION,
      environment: this.configuration.nodeEnv,
      dependencies: { database, background_jobs },
    };
  }

  private async checkJobs(): Promise<JobsHealth> {
    try {
      return await within(LIMIT_MS, this.jobsHealth.report());
    } catch {
      return unknownJobs(this.jobs.schedule);
    }
  }
}
