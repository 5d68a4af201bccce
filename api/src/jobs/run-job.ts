import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { AppModule, type AppParts } from '../app.module.ts';
import { NestLog } from '../logging/nest-log.ts';
import type { Job, JobOutcome } from './job-runner.ts';
import { JobsService } from './jobs.service.ts';

/** Runs one job without a server or a schedule, as a function in a cloud does; closes the storage after it. */
export async function runJob(name: Job['name'], parts: AppParts): Promise<JobOutcome> {
  const context = await NestFactory.createApplicationContext(
    AppModule.of({ ...parts, configuration: { ...parts.configuration, scheduleJobs: false } }),
    { logger: new NestLog(parts.log), abortOnError: false },
  );
  try {
    return await context.get(JobsService).run(name);
  } finally {
    await context.close();
  }
}
