import type { AppParts } from '../app.module.ts';
import type { Job, JobOutcome } from '../jobs/job-runner.ts';
import { runJob } from '../jobs/run-job.ts';
import type { Log } from '../logging/log.ts';
import type { Storage } from '../storage/storage.ts';
import { StorageStartError } from '../storage/storage-errors.ts';

export interface JobFunctionParts {
  readonly log: Log;
  /** The parts of one run; only the storage is kept for the next. */
  readonly partsFor: (storage: Storage) => AppParts;
  readonly openStorage: () => Promise<Storage>;
}

/** Jobs that a schedule wakes: one after the other, on a connection that the instance keeps between its calls. */
export class JobFunction {
  readonly #jobs: readonly Job['name'][];
  readonly #parts: JobFunctionParts;
  #storage: Storage | undefined;

  constructor(jobs: readonly Job['name'][], parts: JobFunctionParts) {
    this.#jobs = jobs;
    this.#parts = parts;
  }

  async start(): Promise<void> {
    try {
      this.#storage = keptOpen(await this.#parts.openStorage());
    } catch (error) {
      if (!(error instanceof StorageStartError)) throw error;
      // The call that follows tries again, and fails for all to see.
      this.#parts.log.error('Database connection failed', { reason: error.message });
    }
  }

  /** Rejects where a job failed, so that the platform counts it and tries again. */
  async handle(): Promise<Record<string, JobOutcome>> {
    if (!this.#storage) await this.start();
    if (!this.#storage) throw new StorageStartError('The database could not be reached: the log says why.');
    const outcomes: Record<string, JobOutcome> = {};
    for (const job of this.#jobs) outcomes[job] = await runJob(job, this.#parts.partsFor(this.#storage));
    return outcomes;
  }
}

/** The application that runs a job closes what it used. */
function keptOpen(storage: Storage): Storage {
  return { ...storage, close: async () => undefined };
}
