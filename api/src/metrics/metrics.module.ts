import { type BeforeApplicationShutdown, type DynamicModule, Inject, Module } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { HealthModule } from '../health/health.module.ts';
import { SessionsModule } from '../sessions/sessions.module.ts';
import { GaugeReader } from './gauge-reader.ts';
import { MetricsController } from './metrics.controller.ts';
import { METRICS, type Metrics } from './metrics.ts';
import { addRequestMetrics } from './request-metrics.ts';

@Module({})
export class MetricsModule implements BeforeApplicationShutdown {
  constructor(
    @Inject(METRICS) private readonly metrics: Metrics,
    @Inject(GaugeReader) private readonly gauges: GaugeReader,
    @Inject(HttpAdapterHost) host: HttpAdapterHost<FastifyAdapter>,
  ) {
    // A function that only runs a job has no server, and no requests.
    const adapter = host.httpAdapter;
    if (adapter instanceof FastifyAdapter) addRequestMetrics(adapter.getInstance(), metrics);
  }

  static of(metrics: Metrics): DynamicModule {
    return {
      module: MetricsModule,
      imports: [SessionsModule, HealthModule],
      controllers: [MetricsController],
      providers: [{ provide: METRICS, useValue: metrics }, GaugeReader],
    };
  }

  /** Before the storage is closed, which may be asked for the last numbers. */
  async beforeApplicationShutdown(): Promise<void> {
    await this.metrics.close(() => this.gauges.read());
  }
}
