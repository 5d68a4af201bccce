import type { DetailedHealth } from '@claude-projects/shared/contract';
import { CronTime } from 'cron';
import type { JobRun } from '../storage/records.ts';
import { worstOf } from './worst-of.ts';

export type JobsHealth = DetailedHealth['dependencies']['background_jobs'];
type JobHealth = JobsHealth['jobs'][number];

export interface JobsCheck {
  schedule: readonly { name: string; cron: string }[];
  lastRuns: readonly JobRun[];
  /** From when on this process would have run them; undefined where something else wakes them. */
  runningSince: Date | undefined;
  now: Date;
}

/** A job that has its turn every minute may miss a few before anybody needs to know. */
const LEAST_PATIENCE_MS = 10 * 60_000;

export function checkJobs({ schedule, lastRuns, runningSince, now }: JobsCheck): JobsHealth {
  const jobs = schedule.map(({ name, cron }): JobHealth => {
    const last = lastRuns.find((run) => run.job === name);
    const last_run = last?.started_at.toISOString() ?? null;
    if (last && !last.succeeded) return { name, status: 'error', last_run };
    const since = latest(last?.started_at, runningSince);
    const overdue = since !== undefined && now > patienceEnd(cron, since);
    return { name, status: overdue ? 'degraded' : 'ok', last_run };
  });
  const latestRun = latest(...lastRuns.map((run) => run.started_at));
  return {
    status: worstOf(jobs.map(({ status }) => status)),
    last_run: latestRun?.toISOString() ?? null,
    jobs,
  };
}

/** Where the database is gone nobody knows of the jobs, and none can do its work. */
export function unknownJobs(schedule: JobsCheck['schedule']): JobsHealth {
  const jobs = schedule.map(({ name }): JobHealth => ({ name, status: 'error', last_run: null }));
  return { status: 'error', last_run: null, jobs };
}

/** One turn may be missed: the second must have come and gone, and at least the least of patience. */
function patienceEnd(cron: string, since: Date): Date {
  const time = new CronTime(cron, 'UTC');
  const secondTurn = time.getNextDateFrom(time.getNextDateFrom(since, 'UTC'), 'UTC').toMillis();
  return new Date(Math.max(secondTurn, since.getTime() + LEAST_PATIENCE_MS));
}

function latest(...dates: readonly (Date | undefined)[]): Date | undefined {
  return dates.reduce(
    (last, date) => (last === undefined || (date !== undefined && date > last) ? date : last),
    undefined,
  );
}
