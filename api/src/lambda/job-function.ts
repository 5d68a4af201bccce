import type { Job, JobOutcome } from '../jobs/job-runner.ts';
import { runJob } from '../jobs/run-job.ts';
import { EmbeddedMetrics } from '../metrics/embedded-metrics.ts';
import type { Storage } from '../storage/storage.ts';
import { functionParts } from './function-parts.ts';

export type JobFunction = () => Promise<Record<string, JobOutcome>>;

/**
 * Jobs that a schedule wakes: one after the other, on a connection that the instance keeps between its calls.
 * Rejects where a job failed, so that the platform counts it and tries again.
 */
export function jobFunction(jobs: readonly Job['name'][]): JobFunction {
  const parts = functionParts(process.env);
  const storage = keptOpen(parts.storage);
  return async () => {
    const outcomes: Record<string, JobOutcome> = {};
    for (const job of jobs) {
      // Metrics of its own for each run: they are closed, and so told, at its end.
      const metrics = new EmbeddedMetrics(process.stdout, parts.clock, process.env['STAGE']);
      outcomes[job] = await runJob(job, { ...parts, storage, metrics });
    }
    return outcomes;
  };
}

/** The application that runs a job closes what it used. */
function keptOpen(storage: Storage): Storage {
  return { ...storage, close: async () => undefined };
}
