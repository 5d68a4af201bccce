import {
  ERRORS,
  type ErrorCode,
  ErrorReply,
  HEADERS,
  type OpenApiDocument,
  type ReplySchema,
  ROUTES,
  type Route,
} from '@claude-projects/shared/contract';
import * as z from 'zod/mini';
import { VERSION } from '../common/version.ts';

type JsonObject = Record<string, unknown>;
type Direction = 'input' | 'output';

/** What any route that asks for a key, a body or the database may answer besides its own errors. */
const SHARED_ERRORS: readonly ErrorCode[] = [
  'RATE_LIMITED',
  'INTERNAL_ERROR',
  'DATABASE_UNAVAILABLE',
  'REQUEST_TIMEOUT',
];
const KEY_ERRORS: readonly ErrorCode[] = ['API_KEY_REQUIRED', 'API_KEY_MALFORMED', 'API_KEY_INVALID'];
const BODY_ERRORS: readonly ErrorCode[] = ['INVALID_JSON', 'PAYLOAD_TOO_LARGE', 'UNSUPPORTED_MEDIA_TYPE'];
const PATH_ERRORS: readonly ErrorCode[] = ['ROUTE_NOT_FOUND', 'BAD_REQUEST', 'URI_TOO_LONG'];

/** The contract as OpenAPI 3.1, whose schemas are plain JSON Schema, so nothing is lost on the way. */
export function openApiDocument(): OpenApiDocument {
  const schemas: JsonObject = {};
  const reference = (schema: z.ZodMiniType, direction: Direction) => schemaOf(schema, direction, schemas);
  const paths: Record<string, JsonObject> = {};
  for (const [name, route] of Object.entries<Route>(ROUTES)) {
    const path = route.path.replace(/:(\w+)/g, '{$1}');
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operationOf(name, route, reference) };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Claude Projects API',
      version: VERSION,
      description:
        'Knows which AI coding sessions are alive, which are not, and brings one back exactly once. Paths also answer without /api, and PUT means what PATCH means.',
      license: { name: 'UNLICENSED' },
    },
    tags: [
      { name: 'sessions', description: 'Runs of an orchestration, from start to end.' },
      { name: 'tasks', description: 'The steps of a session.' },
      { name: 'machines', description: 'Where sessions run.' },
      { name: 'operations', description: 'What operators and jobs call.' },
      { name: 'health', description: 'Whether the service itself is well.' },
    ],
    paths,
    components: {
      schemas,
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer', description: 'Wins where both are sent.' },
        apiKey: { type: 'apiKey', in: 'header', name: HEADERS.apiKey },
      },
    },
  };
}

function operationOf(
  name: string,
  route: Route,
  reference: (schema: z.ZodMiniType, direction: Direction) => JsonObject,
): JsonObject {
  const parameters = [...pathParameters(route), ...queryParameters(route, reference), ...conditionalParameters(route)];
  return {
    operationId: name,
    summary: route.summary,
    tags: [route.tag],
    security: route.access === 'key' ? [{ bearer: [] }, { apiKey: [] }] : [],
    ...(parameters.length > 0 && { parameters }),
    ...(route.body && {
      requestBody: {
        required: route.bodyOptional !== true,
        content: { 'application/json': { schema: reference(route.body, 'input') } },
      },
    }),
    responses: { ...successes(route, reference), ...failures(route, reference) },
  };
}

function pathParameters(route: Route): JsonObject[] {
  return [...route.path.matchAll(/:(\w+)/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }));
}

function queryParameters(
  route: Route,
  reference: (schema: z.ZodMiniType, direction: Direction) => JsonObject,
): JsonObject[] {
  if (!route.query) return [];
  const { properties, required } = reference(route.query, 'input');
  return Object.entries(properties ?? {}).map(([name, schema]: [string, unknown]) => ({
    name,
    in: 'query',
    required: Array.isArray(required) && required.includes(name),
    schema,
  }));
}

function conditionalParameters(route: Route): JsonObject[] {
  if (!route.conditional) return [];
  return [
    {
      name: HEADERS.ifNoneMatch,
      in: 'header',
      required: false,
      description: `The ${HEADERS.etag} of an earlier reply: 304 while nothing changed.`,
      schema: { type: 'string' },
    },
  ];
}

function successes(route: Route, reference: (schema: z.ZodMiniType, direction: Direction) => JsonObject): JsonObject {
  const replies: JsonObject = {};
  for (const [status, schema] of Object.entries<ReplySchema>(route.replies)) {
    replies[status] = { description: descriptionOf(status), ...contentOf(route, schema, reference) };
  }
  if (route.conditional) replies['304'] = { description: 'Nothing changed.' };
  return replies;
}

function descriptionOf(status: string): string {
  if (status === '201') return 'Created.';
  return status === '204' ? 'Done; no body.' : 'Done.';
}

function contentOf(
  route: Route,
  schema: ReplySchema,
  reference: (schema: z.ZodMiniType, direction: Direction) => JsonObject,
): JsonObject {
  if (schema === null) return {};
  if (schema === 'text') {
    const mediaType = route.access === 'docs' ? 'text/html' : 'text/plain';
    return { content: { [mediaType]: { schema: { type: 'string' } } } };
  }
  return { content: { 'application/json': { schema: reference(schema, 'output') } } };
}

function failures(route: Route, reference: (schema: z.ZodMiniType, direction: Direction) => JsonObject): JsonObject {
  const byStatus = new Map<number, ErrorCode[]>();
  for (const code of errorsOf(route)) {
    const { status } = ERRORS[code];
    byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  const replies: JsonObject = {};
  for (const [status, codes] of byStatus) {
    replies[String(status)] = {
      description: codes.map((code) => `\`${code}\`: ${ERRORS[code].meaning}`).join('\n\n'),
      content: { 'application/json': { schema: reference(ErrorReply, 'output') } },
    };
  }
  return replies;
}

function errorsOf(route: Route): ErrorCode[] {
  const codes = new Set<ErrorCode>(route.errors);
  if (route.query || route.body) codes.add('VALIDATION_FAILED');
  // A body that nobody asked for is read all the same, and refused where it is none.
  if (route.method !== 'GET') for (const code of BODY_ERRORS) codes.add(code);
  if (route.path.includes(':')) for (const code of PATH_ERRORS) codes.add(code);
  if (route.access === 'key') for (const code of [...KEY_ERRORS, ...SHARED_ERRORS]) codes.add(code);
  return [...codes];
}

/** A reference to the schema's component if it has a name, else the schema itself; its parts become components. */
function schemaOf(schema: z.ZodMiniType, direction: Direction, components: JsonObject): JsonObject {
  const converted = z.toJSONSchema(schema, { io: direction, unrepresentable: 'any' });
  for (const [id, definition] of Object.entries(converted.$defs ?? {})) {
    components[id] = withComponentReferences(definition);
  }
  return withComponentReferences(withoutDefinitions(converted));
}

function withoutDefinitions(schema: object): JsonObject {
  return Object.fromEntries(Object.entries(schema).filter(([key]) => key !== '$defs' && key !== '$schema'));
}

function withComponentReferences(schema: object): JsonObject {
  return Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, rewritten(key, value)]));
}

function rewritten(key: string, value: unknown): unknown {
  if (key === '$ref' && typeof value === 'string') return value.replace('#/$defs/', '#/components/schemas/');
  if (Array.isArray(value)) return value.map((item: unknown) => rewritten('', item));
  return typeof value === 'object' && value !== null ? withComponentReferences(value) : value;
}
