import { ROUTES } from '@claude-projects/shared/contract';
import type { FastifyInstance } from 'fastify';
import type { Metrics } from './metrics.ts';

/** What stands for every path that is no route: a scanner's guesses must not become labels. */
export const NO_ROUTE = '(no route)';

/** What stands for the method of bytes that are no request. */
export const NO_METHOD = '(none)';

export function addRequestMetrics(fastify: FastifyInstance, metrics: Metrics): void {
  fastify.addHook('onResponse', (request, reply, done) => {
    const { url } = request.routeOptions;
    metrics.requestAnswered(url ?? NO_ROUTE, request.method, reply.statusCode);
    if (url === ROUTES.sendHeartbeat.path) metrics.heartbeatHandled(reply.elapsedTime);
    done();
  });
}
