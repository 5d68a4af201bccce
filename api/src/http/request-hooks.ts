import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { HEADERS } from '@claude-projects/shared/contract';
import type { FastifyInstance } from 'fastify';
import { enterRequest } from '../common/request-context.ts';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/i;

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
    enterRequest({ requestId: request.id, endpoint: request.routeOptions.url ?? request.url.split('?', 1)[0] ?? '' });
    done();
  });
  addClosingReplies(fastify);
}

/** Once the server is closing every reply ends its connection: one that is kept alive would hold the process up. */
function addClosingReplies(fastify: FastifyInstance): void {
  let closing = false;
  fastify.addHook('preClose', (done) => {
    closing = true;
    done();
  });
  fastify.addHook('onSend', (_request, reply, payload, done) => {
    if (closing) void reply.header('Connection', 'close');
    done(null, payload);
  });
}
