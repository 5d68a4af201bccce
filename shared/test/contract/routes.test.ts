import assert from 'node:assert/strict';
import * as z from 'zod/mini';
import { ERROR_CODES, ERRORS, type ErrorCode } from '../../src/contract/errors.ts';
import { pathOf, type Route } from '../../src/contract/route.ts';
import { ROUTES } from '../../src/contract/routes.ts';

const routes: [string, Route][] = Object.entries(ROUTES);

/** Any route may answer with these: they say nothing about what it does. */
const GENERAL: readonly ErrorCode[] = [
  'VALIDATION_FAILED',
  'INVALID_JSON',
  'BAD_REQUEST',
  'API_KEY_REQUIRED',
  'API_KEY_MALFORMED',
  'API_KEY_INVALID',
  'ROUTE_NOT_FOUND',
  'PAYLOAD_TOO_LARGE',
  'URI_TOO_LONG',
  'UNSUPPORTED_MEDIA_TYPE',
  'RATE_LIMITED',
  'INTERNAL_ERROR',
  'DATABASE_UNAVAILABLE',
  'REQUEST_TIMEOUT',
];

describe('the route table', () => {
  it('has no method and path twice, whatever the names of the ids', () => {
    const shapes = routes.map(([, { method, path }]) => `${method} ${path.replace(/:\w+/g, ':')}`);
    assert.deepEqual(
      shapes.filter((shape, index) => shapes.indexOf(shape) !== index),
      [],
    );
  });

  it('names fixed paths before the ids that would swallow them', () => {
    routes.forEach(([name, route], index) => {
      const pattern = new RegExp(`^${route.path.replace(/:\w+/g, '[^/]+')}$`);
      const swallowed = routes
        .slice(index + 1)
        .filter(([, later]) => later.method === route.method && pattern.test(later.path));
      assert.deepEqual(
        swallowed.map(([later]) => later),
        [],
        `${name} comes first`,
      );
    });
  });

  it('uses every error code, or it is a general one', () => {
    const used = new Set([...GENERAL, ...routes.flatMap(([, { errors }]) => errors)]);
    assert.deepEqual(
      ERROR_CODES.filter((code) => !used.has(code)),
      [],
    );
    for (const code of ERROR_CODES) assert(ERRORS[code].status >= 400, code);
  });

  for (const [name, route] of routes) {
    it(`${name} makes sense`, () => {
      assert(Object.keys(route.replies).length > 0, 'it has a reply');
      assert.equal(new Set(route.errors).size, route.errors.length, 'no error twice');
      if (route.method === 'GET') assert.equal(route.body, undefined);
      if (route.conditional) assert.equal(route.method, 'GET');
      if (route.method !== 'POST') assert.equal(route.repeatable, true);
      if (route.path.startsWith('/api/') && route.access !== 'docs') assert.equal(route.access, 'key');
    });

    it(`${name} can be described as JSON Schema`, () => {
      const sent = [route.body, route.query].filter((schema) => schema !== undefined);
      const replies = Object.values(route.replies).filter((reply) => reply !== null && reply !== 'text');
      for (const schema of sent) describeAsObject(schema, 'input');
      for (const schema of replies) describeAsObject(schema, 'output');
    });
  }
});

describe('pathOf', () => {
  it('fills in and escapes', () => {
    assert.equal(pathOf(ROUTES.listSessions, {}), '/api/sessions');
    const escapes: Record<string, string> = {
      'a/b': 'a%2Fb',
      'ü ?#': '%C3%BC%20%3F%23',
      '%2e': '%252e',
      '...': '...',
      '$&': '%24%26',
    };
    for (const [machineId, escaped] of Object.entries(escapes)) {
      const path = pathOf(ROUTES.sendMachineHeartbeat, { machineId });
      assert.equal(path, `/api/machines/${escaped}/heartbeat`);
      assert.equal(new URL(path, 'http://x').pathname, path, 'a URL parser leaves it alone');
    }
  });

  for (const sessionId of ['', '.', '..']) {
    it(`refuses ${JSON.stringify(sessionId)}`, () => {
      assert.throws(() => pathOf(ROUTES.getSession, { sessionId }), /^TypeError: sessionId must not be/);
    });
  }
});

function describeAsObject(schema: z.ZodMiniType, io: 'input' | 'output'): void {
  // Hand-made checks, as of metadata, describe themselves; a reply may be a mere reference to a named component.
  const described = z.toJSONSchema(schema, { io, unrepresentable: 'any' });
  assert(described.type === 'object' || described.$ref !== undefined);
}
