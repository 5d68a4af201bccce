import type { DetailedHealth } from '@claude-projects/shared/contract';
import { CronTime } from 'cron';
import type { ExpectedJob, JobRun } from '../storage/records.ts';
import { worstOf } from './worst-of.ts';

export type JobsHealth = DetailedHealth['dependencies']['background_jobs'];
export type JobHealth = JobsHealth['jobs'][number];

export interface JobsCheck {
  schedule: readonly { name: string; cron: string }[];
  lastRuns: readonly JobRun[];
  /** Since when each job that never ran is expected to. */
  expected: readonly ExpectedJob[];
  /** From when on this process would have run them; undefined where something else wakes them. */
  runningSince: Date | undefined;
  now: Date;
}

/** A job that has its turn every minute may miss a few before anybody needs to know. */
const LEAST_PATIENCE_MS = 10 * 60_000;

export function checkJobs({ schedule, lastRuns, expected, runningSince, now }: JobsCheck): JobsHealth {
  const isOverdue = (name: string, cron: string, lastRun: JobRun | undefined): boolean => {
    if (lastRun) return now > patienceEnd(cron, latest(lastRun.started_at, runningSince));
    const since = earliest(expected.find(({ job }) => job === name)?.since ?? now, runningSince);
    // A restart is no excuse for a job that never ran, but a process that has just started may be about to run it.
    const hasJustStarted = runningSince !== undefined && now.getTime() - runningSince.getTime() <= LEAST_PATIENCE_MS;
    return !hasJustStarted && now > patienceEnd(cron, since);
  };
  const jobs = schedule.map(({ name, cron }): JobHealth => {
    const lastRun = lastRuns.find((run) => run.job === name);
    const last_run = lastRun?.started_at.toISOString() ?? null;
    if (lastRun?.succeeded === false) return { name, status: 'error', last_run };
    return { name, status: isOverdue(name, cron, lastRun) ? 'degraded' : 'ok', last_run };
  });
  const [firstRun, ...otherRuns] = lastRuns.map((run) => run.started_at);
  return {
    status: worstOf(jobs.map(({ status }) => status)),
    last_run: (firstRun && otherRuns.reduce(latest, firstRun))?.toISOString() ?? null,
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

function latest(date: Date, other: Date | undefined): Date {
  return other !== undefined && other > date ? other : date;
}

function earliest(date: Date, other: Date | undefined): Date {
  return other !== undefined && other < date ? other : date;
}
