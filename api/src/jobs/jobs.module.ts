import { Module } from '@nestjs/common';
import { SchedulerRegistry } from '@nestjs/schedule';
import { ConsistencyModule } from '../consistency/consistency.module.ts';
import { HistoryModule } from '../history/history.module.ts';
import { SessionsModule } from '../sessions/sessions.module.ts';
import { JobRunner } from './job-runner.ts';
import { JobsService } from './jobs.service.ts';

@Module({
  imports: [SessionsModule, HistoryModule, ConsistencyModule],
  // Not its whole module, which looks through everything for decorated methods at each start: there are none.
  providers: [SchedulerRegistry, JobRunner, JobsService],
  exports: [JobsService],
})
export class JobsModule {}
