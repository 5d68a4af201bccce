import type { Deadline } from '../common/deadlines.ts';
import type { EndpointConfig } from './endpoint.decorator.ts';

declare module 'fastify' {
  interface FastifyContextConfig extends Partial<EndpointConfig> {}
  interface FastifyRequest {
    /** Stands for the key that the request was let through with; null where none was asked for. */
    keyId: string | null;
  }
  interface FastifyReply {
    /** By when the request has to be answered; null until its hook has run. */
    deadline: Deadline | null;
  }
}
