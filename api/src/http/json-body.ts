import type { FastifyInstance } from 'fastify';
import { DomainError } from '../common/domain-error.ts';

const utf8 = new TextDecoder('utf-8', { fatal: true });

/**
 * Reads JSON bodies. Fastify's own reader refuses an empty one, which a heartbeat may have, replaces invalid
 * UTF-8 in silence, and answers a `__proto__` key without naming the field; the contract's schemas do that.
 */
export function addJsonBodies(fastify: FastifyInstance): void {
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser<Buffer>('application/json', { parseAs: 'buffer' }, (_request, body, done) => {
    try {
      const text = utf8.decode(body);
      done(null, text.trim() === '' ? undefined : (JSON.parse(text) as unknown));
    } catch {
      done(new DomainError('INVALID_JSON', 'The body is not JSON in UTF-8.'));
    }
  });
}
