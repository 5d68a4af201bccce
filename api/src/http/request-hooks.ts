import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { HEADERS } from '@claude-projects/shared/contract';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { enterRequest, type RequestContext } from '../common/request-context.ts';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/i;

/** A path that is no route may be as long as a header; every line of the request repeats it. */
export const LONGEST_LOGGED_PATH = 200;

/** The id of the caller if it is a UUID, so that a call can be followed from end to end; else one of ours. */
export function requestIdOf(request: IncomingMessage): string {
  const given = request.headers['x-request-id'];
  return typeof given === 'string' && UUID.test(given) ? given : randomUUID();
}

/** The README of old shows the paths without `/api`, and `PUT` is accepted wherever `PATCH` is. */
export function canonicalUrl(request: IncomingMessage): string {
  if (request.method === 'PUT') request.method = 'PATCH';
  const url = request.url ?? '/';
  return /^\/(sessions|tasks|machines|stats)(?=[/?]|$)/.test(url) ? `/api${url}` : url;
}

export function addRequestContext(fastify: FastifyInstance): void {
  fastify.addHook('onRequest', (request, reply, done) => {
    void reply.header(HEADERS.requestId, request.id);
    enterRequest(contextOf(request));
    done();
  });
}

/** What a log line should say of the request that caused it. */
export function contextOf(request: FastifyRequest): RequestContext {
  return {
    requestId: request.id,
    endpoint: request.routeOptions.url ?? request.url.split('?', 1)[0]?.slice(0, LONGEST_LOGGED_PATH) ?? '',
    sessionId: sessionIdOf(request.params),
  };
}

/** Only what is shaped like an id: a path may say anything, and every line of the request would repeat it. */
function sessionIdOf(params: unknown): string | undefined {
  if (typeof params !== 'object' || params === null || !('sessionId' in params)) return undefined;
  return typeof params.sessionId === 'string' && UUID.test(params.sessionId) ? params.sessionId : undefined;
}
