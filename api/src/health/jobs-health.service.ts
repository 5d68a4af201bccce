import { Inject, Injectable } from '@nestjs/common';
import { CLOCK, type Clock } from '../common/clock.ts';
import { CONFIGURATION, type Configuration } from '../config/configuration.ts';
import { JobsService } from '../jobs/jobs.service.ts';
import { STORAGE } from '../storage/storage.module.ts';
import type { Storage } from '../storage/storage.ts';
import { checkJobs, type JobsHealth } from './jobs-check.ts';

/** Reports whether each job runs on time. The storage records every run, so the instance does not matter. */
@Injectable()
export class JobsHealthService {
  /** After a night off a server has missed runs. That is no fault: its runs are due from the start of the process on. */
  readonly #startedAt: Date;

  constructor(
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(STORAGE) private readonly storage: Storage,
    @Inject(CONFIGURATION) private readonly configuration: Configuration,
    @Inject(JobsService) private readonly jobs: JobsService,
  ) {
    this.#startedAt = clock.now();
  }

  /** Rejects where the storage does not answer. */
  async report(): Promise<JobsHealth> {
    const { schedule } = this.jobs;
    const { leases } = this.storage;
    const now = this.clock.now();
    const lastRuns = await leases.lastRuns();
    const neverRan = schedule.map(({ name }) => name).filter((name) => !lastRuns.some(({ job }) => job === name));
    const expected = neverRan.length > 0 ? await leases.expectJobs(neverRan, now) : [];
    const runningSince = this.configuration.scheduleJobs ? this.#startedAt : undefined;
    return checkJobs({ schedule, lastRuns, expected, runningSince, now });
  }
}
