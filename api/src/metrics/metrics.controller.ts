import { Controller, Inject, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { Endpoint } from '../http/endpoint.decorator.ts';
import { METRICS, type Metrics } from './metrics.ts';
import { SessionCounter } from './session-counter.ts';

@Controller()
export class MetricsController {
  constructor(
    @Inject(METRICS) private readonly metrics: Metrics,
    @Inject(SessionCounter) private readonly sessions: SessionCounter,
  ) {}

  @Endpoint('getMetrics')
  async page(@Res({ passthrough: true }) reply: FastifyReply): Promise<string> {
    const { contentType, text } = await this.metrics.page(() => this.sessions.count());
    void reply.header('Content-Type', contentType);
    return text;
  }
}
