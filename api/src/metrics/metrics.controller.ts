import { Controller, Inject, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { Endpoint } from '../http/endpoint.decorator.ts';
import { GaugeReader } from './gauge-reader.ts';
import { METRICS, type Metrics } from './metrics.ts';

@Controller()
export class MetricsController {
  constructor(
    @Inject(METRICS) private readonly metrics: Metrics,
    @Inject(GaugeReader) private readonly gauges: GaugeReader,
  ) {}

  @Endpoint('getMetrics')
  async page(@Res({ passthrough: true }) reply: FastifyReply): Promise<string> {
    const { contentType, text } = await this.metrics.page(() => this.gauges.read());
    void reply.header('Content-Type', contentType);
    return text;
  }
}
