import { randomUUID } from 'node:crypto';
import awsLambdaFastify from '@fastify/aws-lambda';
import type { APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda';
import type { FastifyInstance } from 'fastify';
import type { AppParts } from '../app.module.ts';
import { createApp } from '../app.ts';
import type { Clock } from '../common/clock.ts';
import { HeartbeatFlushService } from '../history/heartbeat-flush.service.ts';
import { refusalOf } from '../http/error-reply.ts';
import type { Log } from '../logging/log.ts';
import { StorageStartError, StorageUnavailableError } from '../storage/storage-errors.ts';
import { readGatewayEvent, toRequest } from './gateway-event.ts';

type Reply = APIGatewayProxyStructuredResultV2;

export interface ApiFunctionParts {
  readonly log: Log;
  readonly clock: Clock;
  /** Known to the edge and to this function alone; undefined where callers reach the gateway directly. */
  readonly edgeToken: string | undefined;
  /** Opens the storage. Asked again with the next request where that failed. */
  readonly openParts: () => Promise<AppParts>;
}

interface Running {
  readonly answer: (event: unknown, context: Context) => Promise<Reply>;
  readonly heartbeats: HeartbeatFlushService;
}

/** Two years, for this name alone: others under it are not ours to decide. */
const TRANSPORT_SECURITY = 'max-age=63072000';
const MINUTE_MS = 60_000;

/** The API behind API Gateway: built once for an instance of the function, called once a request. */
export class ApiFunction {
  readonly #parts: ApiFunctionParts;
  #running: Running | undefined;
  #flushedAt: number;

  constructor(parts: ApiFunctionParts) {
    this.#parts = parts;
    this.#flushedAt = parts.clock.now().getTime();
  }

  /**
   * Builds the API while the platform still lends the whole processor. A database that cannot be reached is no reason
   * to fail: callers would get the gateway's own 500, and each would wait for another start.
   */
  async start(): Promise<void> {
    try {
      const parts = await this.#parts.openParts();
      const app = await createApp(parts, addTransportSecurity);
      this.#running = {
        answer: adapterOf(app.getHttpAdapter().getInstance()),
        heartbeats: app.get(HeartbeatFlushService),
      };
    } catch (error) {
      if (!(error instanceof StorageStartError)) throw error;
      this.#parts.log.error('Database connection failed', { reason: error.message });
    }
  }

  async handle(event: unknown, context: Context): Promise<Reply> {
    const request = toRequest(readGatewayEvent(event), this.#parts.edgeToken);
    if (!this.#running) await this.start();
    if (!this.#running) return this.#unavailable(request.rawPath);
    const reply = await this.#running.answer(request, context);
    await this.#keepCounts(this.#running);
    return reply;
  }

  /** A timer would not do: between requests the instance is frozen, and its timers with it. */
  async #keepCounts({ heartbeats }: Running): Promise<void> {
    const now = this.#parts.clock.now().getTime();
    if (now - this.#flushedAt < MINUTE_MS) return;
    this.#flushedAt = now;
    await heartbeats.flush();
  }

  #unavailable(url: string): Reply {
    const { body, headers } = refusalOf(new StorageUnavailableError('The database could not be reached yet.'), {
      path: url.split('?', 1)[0] ?? '',
      requestId: randomUUID(),
      at: this.#parts.clock.now(),
    });
    return {
      statusCode: body.statusCode,
      headers: { 'content-type': 'application/json; charset=utf-8', 'x-request-id': body.request_id, ...headers },
      body: JSON.stringify(body),
    };
  }
}

function adapterOf(fastify: FastifyInstance): Running['answer'] {
  // The query is part of the path by then, and nobody asks for the event: see toRequest.
  return awsLambdaFastify(fastify, { decorateRequest: false, parseCommaSeparatedQueryParams: false });
}

/** Every request came over TLS here: tells browsers to never try without it. */
function addTransportSecurity(fastify: FastifyInstance): void {
  fastify.addHook('onRequest', (_request, reply, done) => {
    void reply.header('Strict-Transport-Security', TRANSPORT_SECURITY);
    done();
  });
}
