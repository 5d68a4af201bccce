import type { Job } from '../jobs/job-runner.ts';
import { EmbeddedMetrics } from '../metrics/embedded-metrics.ts';
import { functionParts } from './function-parts.ts';
import { JobFunction } from './job-function.ts';

export function createJobFunction(jobs: readonly Job['name'][]): JobFunction {
  const { openStorage, ...core } = functionParts(process.env);
  return new JobFunction(jobs, {
    log: core.log,
    openStorage,
    // Their own metrics each: they are closed, and so told, at the end of a run.
    partsFor: (storage) => ({ ...core, storage, metrics: new EmbeddedMetrics(process.stdout, core.clock) }),
  });
}
