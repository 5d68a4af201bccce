import { Module } from '@nestjs/common';
import { ScheduleModule } from '@nestjs/schedule';
import { ConsistencyModule } from '../consistency/consistency.module.ts';
import { HistoryModule } from '../history/history.module.ts';
import { SessionsModule } from '../sessions/sessions.module.ts';
import { JobRunner } from './job-runner.ts';
import { JobsService } from './jobs.service.ts';

@Module({
  imports: [ScheduleModule.forRoot(), SessionsModule, HistoryModule, ConsistencyModule],
  providers: [JobRunner, JobsService],
  exports: [JobsService],
})
export class JobsModule {}
