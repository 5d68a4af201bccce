import { Inject, Module } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { CLOCK, type Clock } from '../common/clock.ts';
import { CONFIGURATION, type Configuration } from '../config/configuration.ts';
import { LimitsModule } from '../limits/limits.module.ts';
import { RequestLimits } from '../limits/request-limits.ts';
import { Log } from '../logging/log.ts';
import { addAuthentication } from './authentication.ts';

/** Being part of the application is all it takes: from then on every route asks for a key, and limits its use. */
@Module({ imports: [LimitsModule] })
export class AuthModule {
  constructor(
    @Inject(HttpAdapterHost) host: HttpAdapterHost<FastifyAdapter>,
    @Inject(CONFIGURATION) configuration: Configuration,
    @Inject(Log) log: Log,
    @Inject(CLOCK) clock: Clock,
    @Inject(RequestLimits) limits: RequestLimits,
  ) {
    // A function that only runs a job has no server, and nobody to ask for a key.
    const adapter = host.httpAdapter;
    if (!(adapter instanceof FastifyAdapter)) return;
    const fastify = adapter.getInstance();
    addAuthentication(fastify, configuration, { log, clock }, (request, reply, done) =>
      limits.failedAttempt(request, reply, done),
    );
    limits.addTo(fastify);
  }
}
