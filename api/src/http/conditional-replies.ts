import { createHash } from 'node:crypto';
import { HEADERS } from '@claude-projects/shared/contract';
import type { FastifyInstance } from 'fastify';

/**
 * Gives the replies of conditional routes a weak ETag, and answers 304 to whoever has that content already: a
 * tree of sessions that polls costs a few bytes while nothing happens.
 */
export function addConditionalReplies(fastify: FastifyInstance): void {
  fastify.addHook('onSend', (request, reply, payload, done) => {
    if (!request.routeOptions.config.conditional || reply.statusCode !== 200 || typeof payload !== 'string') {
      done(null, payload);
      return;
    }
    const etag = `W/"${createHash('sha1').update(payload).digest('base64url')}"`;
    void reply.header(HEADERS.etag, etag);
    if (!matches(request.headers['if-none-match'], etag)) {
      done(null, payload);
      return;
    }
    void reply.status(304).removeHeader('content-type').removeHeader('content-length');
    done(null, '');
  });
}

function matches(ifNoneMatch: string | undefined, etag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  return ifNoneMatch.split(',').some((candidate) => {
    const tag = candidate.trim();
    return tag === '*' || tag.replace(/^W\//, '') === etag.replace(/^W\//, '');
  });
}
