import 'reflect-metadata';
import { LIMITS } from '@claude-projects/shared/contract';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { en } from 'zod/locales';
import * as z from 'zod/mini';
import { AppModule, type AppParts } from './app.module.ts';
import { addConditionalReplies } from './http/conditional-replies.ts';
import { addJsonBodies } from './http/json-body.ts';
import { protocolErrorOptions } from './http/protocol-errors.ts';
import { addRequestContext, canonicalUrl, requestIdOf } from './http/request-hooks.ts';
import { NestLog } from './logging/nest-log.ts';

/** The whole API, ready to listen or to be called without a socket. Closing it closes its storage. */
export async function createApp(parts: AppParts): Promise<NestFastifyApplication> {
  z.config(en());
  const adapter = new FastifyAdapter({
    genReqId: requestIdOf,
    requestIdHeader: false,
    rewriteUrl: canonicalUrl,
    bodyLimit: LIMITS.bodyBytes,
    routerOptions: { maxParamLength: LIMITS.idLength * 3 },
    forceCloseConnections: 'idle',
    ...protocolErrorOptions(parts.clock),
  });
  // Before the application is built: its parts add hooks of their own, and those need the request's id.
  addRequestContext(adapter.getInstance());
  const app = await NestFactory.create<NestFastifyApplication>(AppModule.of(parts), adapter, {
    logger: new NestLog(parts.log),
    bodyParser: false,
    abortOnError: false,
  });
  const fastify = app.getHttpAdapter().getInstance();
  addJsonBodies(fastify);
  addConditionalReplies(fastify);
  await app.init();
  await fastify.ready();
  return app;
}
