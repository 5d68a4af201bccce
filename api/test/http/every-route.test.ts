import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { AUTHENTICATION_MESSAGES, ROUTES, type Route } from '@claude-projects/shared/contract';
import { startTestApi, type TestApi } from '../support/test-api.ts';
import { assertRefusal } from './support/answers.ts';
import { type MountedRoute, mountedRoutes, NOT_MOUNTED_YET } from './support/mounted-routes.ts';
import { RawClient, type RawRequest } from './support/raw-client.ts';

/** The contract's list. A route that is not on it asks for a key, whatever it declares. */
const PUBLIC = ['/health', '/health/live', '/health/ready', '/api/docs', '/api/docs-json'];

describe('every route', () => {
  let api: TestApi;
  let client: RawClient;
  let routes: MountedRoute[];
  before(async () => {
    api = await startTestApi();
    client = new RawClient(api.url);
    routes = mountedRoutes(api.app);
  });
  after(async () => {
    client.close();
    await api.close();
  });

  const guarded = () => routes.filter(({ path }) => !PUBLIC.includes(path));

  it('is one that Fastify knows, as a check on how they are found', () => {
    const fastify = api.app.getHttpAdapter().getInstance();
    assert.ok(routes.length > 30);
    for (const { method, path } of routes) {
      assert.ok(fastify.hasRoute({ method: method, url: path }), `${method} ${path}`);
    }
  });

  it('of the contract is mounted, save those on the list', () => {
    const mounted = new Set(routes.map(({ method, path }) => `${method} ${path}`));
    const missing = Object.entries<Route>(ROUTES)
      .filter(([, { method, path }]) => !mounted.has(`${method} ${path}`))
      .map(([name]) => name);
    assert.deepEqual(missing, NOT_MOUNTED_YET);
  });

  it('that is mounted is in the contract', () => {
    const declared = new Set(Object.values<Route>(ROUTES).map(({ method, path }) => `${method} ${path}`));
    const strays = routes
      .map(({ method, path }) => `${method === 'HEAD' ? 'GET' : method} ${path}`)
      .filter((route) => !declared.has(route));
    assert.deepEqual(strays, []);
  });

  it('answers 401 without a key unless it is public, before it looks at anything else', async () => {
    for (const route of guarded()) {
      for (const request of spellingsOf(route)) {
        const reply = await client.send(request);
        assert.equal(reply.status, 401, `${request.method} ${request.path}`);
        if (request.method === 'HEAD') continue;
        const { code, message } = assertRefusal(reply);
        assert.deepEqual([code, message], ['API_KEY_REQUIRED', AUTHENTICATION_MESSAGES.API_KEY_REQUIRED]);
      }
    }
  });

  it('answers 401 to a key that is none of ours', async () => {
    const attempts = [
      { headers: { 'X-API-Key': 'secret' }, code: 'API_KEY_MALFORMED' },
      { headers: { Authorization: `Basic ${api.key}` }, code: 'API_KEY_MALFORMED' },
      { headers: { 'X-API-Key': randomUUID() }, code: 'API_KEY_INVALID' },
      { headers: { Authorization: `Bearer ${randomUUID()}`, 'X-API-Key': api.key }, code: 'API_KEY_INVALID' },
    ];
    for (const { method, path } of guarded()) {
      if (method === 'HEAD') continue;
      for (const { headers, code } of attempts) {
        const reply = await client.send({ method, path: path.replace(/:\w+/, 'x'), headers });
        assert.equal(assertRefusal(reply).code, code, `${method} ${path}`);
      }
    }
  });

  it('on the public list answers without a key', async () => {
    for (const path of PUBLIC) assert.equal((await client.send({ method: 'GET', path })).status, 200, path);
  });

  it('on the public list stays open to a caller that sends a wrong key', async () => {
    for (const path of PUBLIC) {
      const { status } = await client.send({ method: 'GET', path, headers: { 'X-API-Key': 'wrong' } });
      assert.equal(status, 200, path);
    }
  });
});

describe('the docs where they are not public', () => {
  let api: TestApi;
  let client: RawClient;
  before(async () => {
    api = await startTestApi({ docsPublic: false });
    client = new RawClient(api.url);
  });
  after(async () => {
    client.close();
    await api.close();
  });

  for (const path of ['/api/docs', '/api/docs-json']) {
    it(`${path} asks for a key`, async () => {
      assert.equal(assertRefusal(await client.send({ method: 'GET', path })).code, 'API_KEY_REQUIRED');
      assert.equal((await client.send({ method: 'HEAD', path })).status, 401);
      assert.equal((await client.send({ method: 'GET', path, headers: { 'X-API-Key': api.key } })).status, 200);
    });
  }

  it('leaves the health routes open', async () => {
    assert.equal((await client.send({ method: 'GET', path: '/health' })).status, 200);
  });
});

/** The route as it is, by its other names, and with a body that would be refused if anybody read it. */
function spellingsOf({ method, path }: MountedRoute): RawRequest[] {
  const filled = path.replace(/:\w+/g, 'x');
  const withoutPrefix = filled.replace(/^\/api(?=\/(sessions|tasks|machines|stats)\b)/, '');
  const requests: RawRequest[] = [
    { method, path: filled },
    { method, path: withoutPrefix },
    { method, path: `${filled}?key=1&apiKey=1` },
  ];
  if (method === 'PATCH') requests.push({ method: 'PUT', path: filled }, { method: 'PUT', path: withoutPrefix });
  if (method !== 'GET' && method !== 'HEAD') {
    requests.push({ method, path: filled, headers: { 'Content-Type': 'text/plain' }, body: 'not JSON' });
  }
  return requests;
}
