import { Module } from '@nestjs/common';
import { ScheduleModule } from '@nestjs/schedule';
import { SessionsModule } from '../sessions/sessions.module.ts';
import { JobRunner } from './job-runner.ts';
import { JobsService } from './jobs.service.ts';

@Module({
  imports: [ScheduleModule.forRoot(), SessionsModule],
  providers: [JobRunner, JobsService],
})
export class JobsModule {}
