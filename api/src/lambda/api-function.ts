import awsLambdaFastify from '@fastify/aws-lambda';
import type { APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda';
import type { FastifyInstance } from 'fastify';
import type { AppParts } from '../app.module.ts';
import { createApp } from '../app.ts';
import type { Clock } from '../common/clock.ts';
import { HeartbeatFlushService } from '../history/heartbeat-flush.service.ts';
import { addCompression } from './compressed-replies.ts';
import { readGatewayEvent, toRequest } from './gateway-event.ts';

export interface ApiFunction {
  readonly handler: (event: unknown, context: Context) => Promise<APIGatewayProxyStructuredResultV2>;
  /** For whoever runs it elsewhere: the platform ends an instance without a word. */
  readonly close: () => Promise<void>;
}

/** Two years, for this name alone: others under it are not ours to decide. */
const TRANSPORT_SECURITY = 'max-age=63072000';
const MINUTE_MS = 60_000;

/**
 * The API behind API Gateway: built once for an instance of the function, while the platform still lends it the
 * whole processor, and called once a request. `edgeToken` is known to the edge and to this function alone; undefined
 * where callers reach the gateway directly.
 */
export async function createApiFunction(parts: AppParts, edgeToken: string | undefined): Promise<ApiFunction> {
  const app = await createApp(parts, (fastify) => {
    addTransportSecurity(fastify);
    addCompression(fastify);
  });
  const answer = awsLambdaFastify(app.getHttpAdapter().getInstance(), {
    decorateRequest: false,
    // The query is part of the path by then: see toRequest.
    parseCommaSeparatedQueryParams: false,
  });
  const keepCounts = onceAMinute(app.get(HeartbeatFlushService), parts.clock);
  return {
    handler: async (event, context) => {
      const reply = await answer(toRequest(readGatewayEvent(event), edgeToken), context);
      await keepCounts();
      return reply;
    },
    close: () => app.close(),
  };
}

/** Every request came over TLS here: tells browsers to never try without it. */
function addTransportSecurity(fastify: FastifyInstance): void {
  fastify.addHook('onRequest', (_request, reply, done) => {
    void reply.header('Strict-Transport-Security', TRANSPORT_SECURITY);
    done();
  });
}

/** With the first reply of a minute. A timer would not do: between requests an instance is frozen, timers and all. */
function onceAMinute(heartbeats: HeartbeatFlushService, clock: Clock): () => Promise<void> {
  let flushedAt = clock.now().getTime();
  return async () => {
    const now = clock.now().getTime();
    if (now - flushedAt < MINUTE_MS) return;
    flushedAt = now;
    await heartbeats.flush();
  };
}
