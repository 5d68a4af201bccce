import type { Orchestration, OrchestrationTask } from '../../../extension/api.d.ts';

export interface Job {
  readonly name: string;
  readonly githubIssueId?: string;
  run(signal: AbortSignal): Promise<void>;
}

/** Does the jobs one after the other. None of the calls to `orchestration` throws, or waits for a server. */
export async function orchestrate(orchestration: Orchestration, jobs: readonly Job[]): Promise<void> {
  await untilItEnds(orchestration, async (signal) => {
    let failures = 0;
    for (const job of jobs) {
      const task = await orchestration.startTask({
        name: job.name,
        ...(job.githubIssueId !== undefined && { githubIssueId: job.githubIssueId }),
      });
      // A problem with the report is no problem of the work.
      if (!(await did(job, task.ok ? task.value : undefined, signal))) failures += 1;
      if (signal.aborted) return;
    }
    if (failures === 0) await orchestration.complete();
    else await orchestration.fail(`${failures} of ${jobs.length} jobs failed.`);
  });
}

/** Goes on with what is left to do, and does nothing twice. */
export async function continueOrchestration(orchestration: Orchestration, jobs: readonly Job[]): Promise<void> {
  const left = orchestration.tasks.filter(({ status }) => status !== 'completed' && status !== 'failed');
  await untilItEnds(orchestration, async (signal) => {
    for (const task of left) {
      const job = jobs.find(({ name }) => name === task.name);
      if (!job) continue;
      await task.start();
      await did(job, task, signal);
      if (signal.aborted) return;
    }
    await orchestration.complete();
  });
}

async function did(job: Job, task: OrchestrationTask | undefined, signal: AbortSignal): Promise<boolean> {
  try {
    await job.run(signal);
    await task?.complete();
    return true;
  } catch (error) {
    await task?.fail(error instanceof Error ? error.message : String(error));
    return false;
  }
}

/** Somebody may recover the session elsewhere, or end it: then this work has to stop, or it would be done twice. */
async function untilItEnds(orchestration: Orchestration, work: (signal: AbortSignal) => Promise<void>): Promise<void> {
  const ended = new AbortController();
  const listening = orchestration.onDidEnd(() => ended.abort());
  try {
    await work(ended.signal);
  } finally {
    listening.dispose();
  }
}
