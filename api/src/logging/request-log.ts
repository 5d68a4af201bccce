import type { FastifyInstance } from 'fastify';
import { contextOf } from '../http/request-hooks.ts';
import type { Log } from './log.ts';

const SLOW_MS = 1000;

/**
 * One line a request, most of them for developers only. The lines an operator wants are there without it: each
 * event, each refusal and each authentication has one of its own, under the same request id. What is left are the
 * requests one would pick from a sample: those that failed and those that took too long.
 */
export function addRequestLog(fastify: FastifyInstance, log: Log): void {
  fastify.addHook('onResponse', (request, reply, done) => {
    // Written out, as this runs when the socket is done, outside of what the request caused.
    const line = () => {
      const { requestId, endpoint, sessionId } = contextOf(request);
      return {
        method: request.method,
        status: reply.statusCode,
        duration_ms: Math.round(reply.elapsedTime * 10) / 10,
        endpoint,
        request_id: requestId,
        ...(sessionId !== undefined && { session_id: sessionId }),
      };
    };
    if (reply.statusCode >= 500) log.warn('Request answered', line());
    else if (reply.elapsedTime > SLOW_MS) log.info('Request answered', line());
    else log.debug('Request answered', line);
    done();
  });
}
