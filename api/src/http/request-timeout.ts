import { ERRORS } from '@claude-projects/shared/contract';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { Deadlines } from '../common/deadlines.ts';
import { DomainError } from '../common/domain-error.ts';
import { enterRequest } from '../common/request-context.ts';
import { contextOf } from './request-hooks.ts';

/**
 * Answers 504 when a request was not answered in time, whatever its handler goes on doing: what that comes to
 * send later is dropped. The time runs from the request's headers on, so a body that never ends is no way around it.
 */
export function addRequestTimeout(fastify: FastifyInstance, limitMs: number): void {
  const deadlines = new Deadlines<FastifyReply>(limitMs, timeOut);
  fastify.decorateReply('deadline', null);
  fastify.addHook('onRequest', (_request, reply, done) => {
    reply.deadline = deadlines.add(reply);
    done();
  });
  fastify.addHook('onResponse', (_request, reply, done) => {
    if (reply.deadline) deadlines.met(reply.deadline);
    done();
  });
  fastify.addHook('onClose', (_instance, done) => {
    deadlines.dispose();
    done();
  });
}

function timeOut(reply: FastifyReply): void {
  // Destroyed: its caller went away before the answer.
  if (reply.sent || reply.raw.destroyed) return;
  // One timer serves all requests, and so belongs to none of them.
  enterRequest(contextOf(reply.request));
  // The rest of a body that is still under way would be taken for the next request.
  if (!reply.request.raw.complete) void reply.header('Connection', 'close');
  void reply.send(new DomainError('REQUEST_TIMEOUT', ERRORS.REQUEST_TIMEOUT.meaning));
}
