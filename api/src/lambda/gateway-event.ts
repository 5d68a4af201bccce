import { METHODS } from 'node:http';
import * as z from 'zod/mini';

/** What is used of an event in API Gateway's format 2.0. */
const GatewayEvent = z.object({
  version: z.literal('2.0'),
  rawPath: z.string(),
  rawQueryString: z.string(),
  headers: z.record(z.string(), z.string()),
  requestContext: z.object({ http: z.object({ method: z.string(), sourceIp: z.string() }) }),
  body: z.optional(z.string()),
  isBase64Encoded: z.boolean(),
});
type GatewayEvent = z.output<typeof GatewayEvent>;

/**
 * Set by the edge in front of production, which overwrites what a caller sends under these names. CloudFront keeps
 * names that begin with x-edge- or x-amz- for itself, and refuses them.
 */
export const EDGE_HEADERS = { token: 'x-claude-projects-edge', viewer: 'x-claude-projects-viewer' } as const;

/** Throws on what is no request, such as an event that somebody sent by hand. */
export function readGatewayEvent(event: unknown): GatewayEvent {
  const parsed = GatewayEvent.safeParse(event);
  if (parsed.success) return parsed.data;
  const fields = parsed.error.issues.map(({ path }) => path.join('.') || 'it').join(', ');
  throw new TypeError(`The event is no HTTP request in format 2.0 of API Gateway; look at: ${fields}`);
}

/**
 * The same request with its query as the caller wrote it: the gateway's own reading joins what was sent twice with a
 * comma, which cannot be told from a comma in a value. And with the address of the caller, where the edge forwarded
 * it: who does not know the edge's token cannot say where a request comes from.
 */
export function toRequest(event: GatewayEvent, edgeToken: string | undefined): GatewayEvent {
  const { [EDGE_HEADERS.token]: token, [EDGE_HEADERS.viewer]: viewer, ...headers } = event.headers;
  const { method, sourceIp } = event.requestContext.http;
  const fromEdge = edgeToken !== undefined && token === edgeToken && viewer !== undefined;
  return {
    ...event,
    headers,
    rawPath: encodedAgain(event.rawPath) + (event.rawQueryString && `?${event.rawQueryString}`),
    requestContext: { http: { method: knownMethod(method), sourceIp: fromEdge ? viewer : sourceIp } },
  };
}

/** Node's server parses no other methods, and Fastify throws on them. No path has a route for TRACE. */
function knownMethod(method: string): string {
  return METHODS.includes(method) ? method : 'TRACE';
}

/**
 * The gateway decodes paths. The caller had escaped what would end this path early, what a URL drops or takes for a
 * slash, and what is no escape sequence. Without a slash in front the path would be taken for a whole URL.
 */
function encodedAgain(path: string): string {
  const encoded = path.replaceAll(/%(?![\da-f]{2})|[?#\\\t\r\n]/gi, encodeURIComponent);
  return encoded.startsWith('/') ? encoded : `/${encoded}`;
}
