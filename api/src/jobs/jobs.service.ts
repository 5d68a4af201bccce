import { type BeforeApplicationShutdown, Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { SchedulerRegistry } from '@nestjs/schedule';
import { CronJob } from 'cron';
import { CONFIGURATION, type Configuration } from '../config/configuration.ts';
import { ConsistencyService } from '../consistency/consistency.service.ts';
import { SessionHistoryService } from '../history/session-history.service.ts';
import { FailureDetectionService } from '../sessions/failure-detection.service.ts';
import { RetentionService } from '../sessions/retention.service.ts';
import { type Job, type JobOutcome, JobRunner } from './job-runner.ts';

/** Once a day, when the clean-up is over. It only reports, so there is nothing to configure. */
const CONSISTENCY_CRON = '0 3 * * *';

/** The work that nobody asks for: on a schedule here, or called from a function that has no server. */
@Injectable()
export class JobsService implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #running = new Set<Promise<unknown>>();
  readonly #jobs: readonly Job[];

  constructor(
    @Inject(SchedulerRegistry) private readonly scheduler: SchedulerRegistry,
    @Inject(JobRunner) private readonly runner: JobRunner,
    @Inject(CONFIGURATION) private readonly configuration: Configuration,
    @Inject(FailureDetectionService) detection: FailureDetectionService,
    @Inject(RetentionService) retention: RetentionService,
    @Inject(SessionHistoryService) history: SessionHistoryService,
    @Inject(ConsistencyService) consistency: ConsistencyService,
  ) {
    this.#jobs = [
      {
        name: 'detect-failures',
        cron: configuration.detectFailuresCron,
        run: async () => (await detection.detect()).marked_stalled,
      },
      {
        name: 'cleanup',
        cron: configuration.cleanupCron,
        run: async () => {
          const { deleted_sessions } = await retention.cleanUp();
          await history.forgetOld();
          return deleted_sessions;
        },
      },
      {
        name: 'consistency',
        cron: CONSISTENCY_CRON,
        run: async () => (await consistency.check()).found,
      },
    ];
  }

  /** Which jobs there are, and when each has its turns. */
  get schedule(): readonly Pick<Job, 'name' | 'cron'>[] {
    return this.#jobs;
  }

  async run(name: Job['name']): Promise<JobOutcome> {
    const job = this.#jobs.find((candidate) => candidate.name === name);
    if (!job) throw new Error(`there is no job ${name}`);
    const run = this.runner.run(job);
    this.#running.add(run);
    try {
      return await run;
    } finally {
      this.#running.delete(run);
    }
  }

  onApplicationBootstrap(): void {
    if (!this.configuration.scheduleJobs) return;
    for (const { name, cron } of this.#jobs) {
      const job = CronJob.from({
        cronTime: cron,
        timeZone: 'UTC',
        waitForCompletion: true,
        // The runner has logged it; the next turn tries again.
        onTick: async () => {
          await this.run(name).catch(() => undefined);
        },
      });
      this.scheduler.addCronJob(name, job);
      job.start();
    }
  }

  /** The storage is closed after this: no job may still be using it. */
  async beforeApplicationShutdown(): Promise<void> {
    for (const job of this.scheduler.getCronJobs().values()) await job.stop();
    await Promise.allSettled(this.#running);
  }
}
