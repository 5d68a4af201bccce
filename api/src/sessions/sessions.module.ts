import { Module } from '@nestjs/common';
import { HistoryModule } from '../history/history.module.ts';
import { FailureDetectionService } from './failure-detection.service.ts';
import { HeartbeatRoute } from './heartbeat-route.ts';
import { RecoveryService } from './recovery.service.ts';
import { RetentionService } from './retention.service.ts';
import { SessionAfterlifeController } from './session-afterlife.controller.ts';
import { SessionHealthController } from './session-health.controller.ts';
import { SessionHealthService } from './session-health.service.ts';
import { SessionsController } from './sessions.controller.ts';
import { SessionsService } from './sessions.service.ts';

@Module({
  imports: [HistoryModule],
  controllers: [SessionsController, SessionHealthController, SessionAfterlifeController],
  providers: [
    SessionsService,
    HeartbeatRoute,
    SessionHealthService,
    FailureDetectionService,
    RecoveryService,
    RetentionService,
  ],
  exports: [FailureDetectionService, RetentionService, SessionHealthService],
})
export class SessionsModule {}
