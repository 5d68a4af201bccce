import { Inject, Injectable } from '@nestjs/common';
import { CronTime } from 'cron';
import { CLOCK, type Clock } from '../common/clock.ts';
import { MAKE_ID, type MakeId } from '../common/ids.ts';
import { CONFIGURATION, type Configuration } from '../config/configuration.ts';
import { Log } from '../logging/log.ts';
import { STORAGE } from '../storage/storage.module.ts';
import type { Storage } from '../storage/storage.ts';

export interface Job {
  readonly name: 'detect-failures' | 'cleanup' | 'consistency';
  readonly cron: string;
  /** Does the work; how many records it touched. */
  run(): Promise<number>;
}

export type JobOutcome = { ran: true; affected: number } | { ran: false };

/**
 * Runs a job under a lease that lasts until shortly before its next turn, so that of all instances that wake
 * for one turn exactly one does the work, even if that takes it no time at all. Where a run may be cut off from
 * outside the lease ends soon after that: whoever is to try again must find it free.
 */
@Injectable()
export class JobRunner {
  readonly #holder: string;

  constructor(
    @Inject(STORAGE) private readonly storage: Storage,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(Log) private readonly log: Log,
    @Inject(MAKE_ID) makeId: MakeId,
    @Inject(CONFIGURATION) private readonly configuration: Configuration,
  ) {
    this.#holder = makeId();
  }

  async run(job: Job): Promise<JobOutcome> {
    const startedAt = this.clock.now();
    const turn = `${this.#holder}/${startedAt.toISOString()}`;
    const leases = this.storage.leases;
    if (!(await leases.acquire(job.name, turn, startedAt, this.leaseEnd(job, startedAt)))) {
      this.log.debug('Job left to another instance', { job_name: job.name });
      return { ran: false };
    }
    try {
      const affected = await job.run();
      await this.finish(job, startedAt, affected, true);
      return { ran: true, affected };
    } catch (error) {
      const duration_ms = this.clock.now().getTime() - startedAt.getTime();
      this.log.error('Job failed', { job_name: job.name, duration_ms }, error);
      // Freed, so that another instance, or the next turn, may try.
      await leases.release(job.name, turn);
      await this.finish(job, startedAt, 0, false);
      throw error;
    }
  }

  private leaseEnd({ cron }: Job, now: Date): Date {
    const { longestJobMs } = this.configuration;
    const end = beforeNextTurn(cron, now);
    return longestJobMs === undefined ? end : new Date(Math.min(end.getTime(), now.getTime() + longestJobMs));
  }

  private async finish(job: Job, startedAt: Date, affected: number, succeeded: boolean): Promise<void> {
    const duration_ms = this.clock.now().getTime() - startedAt.getTime();
    await this.storage.leases.recordRun({ job: job.name, started_at: startedAt, duration_ms, affected, succeeded });
    if (succeeded) this.log.info('Job ran', { job_name: job.name, sessions_affected: affected, duration_ms });
  }
}

/** Nine tenths of the way to the next turn: instances whose clocks differ a little still meet the lease. */
function beforeNextTurn(cron: string, now: Date): Date {
  const next = new CronTime(cron, 'UTC').getNextDateFrom(now, 'UTC').toMillis();
  return new Date(now.getTime() + (next - now.getTime()) * 0.9);
}
