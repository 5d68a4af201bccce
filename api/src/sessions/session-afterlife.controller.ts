import type {
  CleanupReport,
  CleanupSessions,
  RecoverSession,
  RecoveryState,
  Session,
} from '@claude-projects/shared/contract';
import { Controller, Inject, Param, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { Endpoint, RouteBody, RouteQuery } from '../http/endpoint.decorator.ts';
import { RecoveryService } from './recovery.service.ts';
import { RetentionService } from './retention.service.ts';

/** What becomes of a session after its end: brought back, kept, or deleted. */
@Controller()
export class SessionAfterlifeController {
  constructor(
    @Inject(RecoveryService) private readonly recovery: RecoveryService,
    @Inject(RetentionService) private readonly retention: RetentionService,
  ) {}

  @Endpoint('getRecoveryState')
  state(@Param('sessionId') sessionId: string): Promise<RecoveryState> {
    return this.recovery.state(sessionId);
  }

  @Endpoint('prepareRecovery')
  prepare(@Param('sessionId') sessionId: string): Promise<RecoveryState> {
    return this.recovery.prepare(sessionId);
  }

  @Endpoint('recoverSession')
  async recover(
    @Param('sessionId') sessionId: string,
    @RouteBody('recoverSession') body: RecoverSession,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Session> {
    const { created, session } = await this.recovery.recover(sessionId, body);
    if (!created) void reply.status(200);
    return session;
  }

  @Endpoint('archiveSession')
  archive(@Param('sessionId') sessionId: string): Promise<Session> {
    return this.retention.archive(sessionId);
  }

  @Endpoint('cleanupSessions')
  cleanUp(@RouteQuery('cleanupSessions') query: CleanupSessions): Promise<CleanupReport> {
    return this.retention.cleanUp(query.older_than_days);
  }

  @Endpoint('deleteOldSessions')
  deleteOld(@RouteQuery('deleteOldSessions') query: CleanupSessions): Promise<CleanupReport> {
    return this.retention.cleanUp(query.older_than_days);
  }
}
