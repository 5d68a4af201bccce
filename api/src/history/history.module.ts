import { Module } from '@nestjs/common';
import { EVERY, systemEvery } from '../common/every.ts';
import { HeartbeatCounts } from './heartbeat-counts.ts';
import { HeartbeatFlushService } from './heartbeat-flush.service.ts';
import { SessionHistoryService } from './session-history.service.ts';

@Module({
  providers: [HeartbeatCounts, HeartbeatFlushService, SessionHistoryService, { provide: EVERY, useValue: systemEvery }],
  exports: [HeartbeatCounts, SessionHistoryService],
})
export class HistoryModule {}
