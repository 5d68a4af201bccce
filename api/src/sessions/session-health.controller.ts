import type {
  DetectFailuresReport,
  ListStalledSessions,
  SessionHealthReport,
  SessionHealthSummary,
  StalledSessionList,
} from '@claude-projects/shared/contract';
import { Controller, Inject, Param } from '@nestjs/common';
import { Endpoint, RouteQuery } from '../http/endpoint.decorator.ts';
import { FailureDetectionService } from './failure-detection.service.ts';
import { SessionHealthService } from './session-health.service.ts';

@Controller()
export class SessionHealthController {
  constructor(
    @Inject(SessionHealthService) private readonly health: SessionHealthService,
    @Inject(FailureDetectionService) private readonly detection: FailureDetectionService,
  ) {}

  @Endpoint('summarizeSessionHealth')
  summarize(): Promise<SessionHealthSummary> {
    return this.health.summarize();
  }

  @Endpoint('listStalledSessions')
  listStalled(@RouteQuery('listStalledSessions') query: ListStalledSessions): Promise<StalledSessionList> {
    return this.health.listStalled(query);
  }

  @Endpoint('getSessionHealth')
  report(@Param('sessionId') sessionId: string): Promise<SessionHealthReport> {
    return this.health.report(sessionId);
  }

  @Endpoint('detectFailures')
  detect(): Promise<DetectFailuresReport> {
    return this.detection.detect();
  }
}
