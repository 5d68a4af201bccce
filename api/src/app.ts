import 'reflect-metadata';
import { LIMITS } from '@claude-projects/shared/contract';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';
import { en } from 'zod/locales';
import * as z from 'zod/mini';
import { AppModule, type AppParts } from './app.module.ts';
import { addConditionalReplies } from './http/conditional-replies.ts';
import { addDraining } from './http/draining.ts';
import { addJsonBodies } from './http/json-body.ts';
import { protocolErrorOptions } from './http/protocol-errors.ts';
import { addRequestContext, canonicalUrl, requestIdOf } from './http/request-hooks.ts';
import { addRequestTimeout } from './http/request-timeout.ts';
import { NestLog } from './logging/nest-log.ts';
import { addRequestLog } from './logging/request-log.ts';

/**
 * The whole API, ready to listen or to be called without a socket. Closing it closes its storage. `addOwn` adds what
 * only one way of running it needs.
 */
export async function createApp(
  parts: AppParts,
  addOwn: (fastify: FastifyInstance) => void = () => undefined,
): Promise<NestFastifyApplication> {
  z.config(en());
  const adapter = new FastifyAdapter({
    genReqId: requestIdOf,
    requestIdHeader: false,
    rewriteUrl: canonicalUrl,
    bodyLimit: LIMITS.bodyBytes,
    routerOptions: { maxParamLength: LIMITS.idLength * 3 },
    trustProxy: parts.configuration.trustProxy,
    forceCloseConnections: 'idle',
    // What arrives while the server closes is answered like everything before.
    return503OnClosing: false,
    ...protocolErrorOptions(parts.clock, parts.log, parts.metrics),
  });
  // Before the application is built: its parts add hooks of their own, and those need the request's id.
  addRequestContext(adapter.getInstance());
  addRequestTimeout(adapter.getInstance(), parts.configuration.requestTimeoutMs);
  addDraining(adapter.getInstance());
  addRequestLog(adapter.getInstance(), parts.log);
  const app = await NestFactory.create<NestFastifyApplication>(AppModule.of(parts), adapter, {
    logger: new NestLog(parts.log),
    bodyParser: false,
    abortOnError: false,
  });
  const fastify = app.getHttpAdapter().getInstance();
  addJsonBodies(fastify);
  addConditionalReplies(fastify);
  addOwn(fastify);
  await app.init();
  await fastify.ready();
  return app;
}
