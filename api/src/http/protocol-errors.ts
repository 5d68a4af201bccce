import { randomUUID } from 'node:crypto';
import type { Socket } from 'node:net';
import { HEADERS } from '@claude-projects/shared/contract';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import type { Clock } from '../common/clock.ts';
import type { Log } from '../logging/log.ts';
import type { Metrics } from '../metrics/metrics.ts';
import { NO_METHOD, NO_ROUTE } from '../metrics/request-metrics.ts';
import { refusalOf } from './error-reply.ts';
import { LONGEST_LOGGED_PATH } from './request-hooks.ts';

export interface ProtocolErrorOptions {
  frameworkErrors(error: FastifyError, request: FastifyRequest, reply: FastifyReply): void;
  clientErrorHandler(error: Error & { code?: string }, socket: Socket): void;
}

/**
 * Options of Fastify for requests that are refused before any route or hook sees them: a path that cannot be
 * decoded, a parameter that is too long, bytes that are not HTTP. Fastify's own answers to those have neither
 * the shape of the contract nor a request id, and nothing else would log or count them.
 */
export function protocolErrorOptions(
  clock: Clock,
  log: Log,
  metrics: Pick<Metrics, 'requestAnswered'>,
): ProtocolErrorOptions {
  return {
    frameworkErrors(error, request, reply) {
      const path = request.originalUrl.split('?', 1)[0] ?? '';
      const { body } = refusalOf(error, { path, requestId: request.id, at: clock.now() });
      // No hook has run: the line must say itself which request it is about.
      const context = { endpoint: path.slice(0, LONGEST_LOGGED_PATH), request_id: request.id };
      log.warn('Request refused', { ...context, status: body.statusCode, code: body.code });
      metrics.requestAnswered(NO_ROUTE, request.method, body.statusCode);
      void reply.status(body.statusCode).header(HEADERS.requestId, request.id).send(body);
    },
    clientErrorHandler(error, socket) {
      // Reset by the other side: nobody is left to be told.
      if (error.code === 'ECONNRESET' || !socket.writable) {
        socket.destroy(error);
        return;
      }
      const requestId = randomUUID();
      const { body } = refusalOf({ statusCode: 400 }, { path: '', requestId, at: clock.now() });
      log.warn('Request refused', { request_id: requestId, status: body.statusCode, code: body.code });
      metrics.requestAnswered(NO_ROUTE, NO_METHOD, body.statusCode);
      const text = JSON.stringify(body);
      socket.end(
        [
          `HTTP/1.1 ${body.statusCode} ${body.error}`,
          `${HEADERS.requestId}: ${requestId}`,
          'Content-Type: application/json; charset=utf-8',
          `Content-Length: ${Buffer.byteLength(text)}`,
          'Connection: close',
          '',
          text,
        ].join('\r\n'),
      );
    },
  };
}
