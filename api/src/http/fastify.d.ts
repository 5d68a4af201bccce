import type { EndpointConfig } from './endpoint.decorator.ts';

declare module 'fastify' {
  interface FastifyContextConfig extends Partial<EndpointConfig> {}
}
