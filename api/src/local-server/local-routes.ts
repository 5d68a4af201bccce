import { createHmac } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import * as z from 'zod/mini';
import { VERSION } from '../common/version.ts';
import { refusalOfIssues } from '../http/contract-validation.pipe.ts';

export interface LocalRoutesParts {
  readonly apiKey: string;
  readonly instance: string;
  readonly end: (reason: string) => void;
}

const ProofQuery = z.strictObject({ challenge: z.string().check(z.regex(/^[0-9a-f]{64}$/)) });

/**
 * Between the extension and its own server only, so not part of the contract. The first proves that this server
 * knows the key without the key being sent: whoever got hold of the port after a server died learns nothing. The
 * second makes way for a newer version, in order and on every platform, without a process id having to be right.
 */
export function addLocalRoutes(fastify: FastifyInstance, { apiKey, instance, end }: LocalRoutesParts): void {
  fastify.route({
    method: 'GET',
    url: '/local-server/proof',
    config: { access: 'public', conditional: false, pulseOf: undefined },
    handler: async (request) => {
      const parsed = ProofQuery.safeParse(request.query);
      if (!parsed.success) throw refusalOfIssues(parsed.error.issues, request.query);
      const proof = createHmac('sha256', apiKey).update(`${instance} ${parsed.data.challenge}`).digest('hex');
      return { service: 'claude-projects', instance, version: VERSION, proof };
    },
  });
  fastify.route({
    method: 'POST',
    url: '/local-server/end',
    config: { access: 'key', conditional: false, pulseOf: undefined },
    handler: async (_request, reply) => {
      end('asked to');
      return reply.status(202).send({ status: 'ending' });
    },
  });
}
