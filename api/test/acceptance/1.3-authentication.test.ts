import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { HOUR } from '../support/fake-clock.ts';
import { refused } from '../support/refused.ts';
import { Scenario } from '../support/scenario.ts';
import { startTestApi, type TestApi } from '../support/test-api.ts';

const newSession = () => ({ project_id: randomUUID(), machine_id: randomUUID() });
const withHeaders = (headers: Record<string, string>) => ({ withoutKey: true, headers }) as const;

describe('1.3 authentication', () => {
  let api: TestApi;
  before(async () => {
    api = await startTestApi();
  });
  after(() => api.close());

  it('AC-1.3.a a valid key in X-API-Key reaches the controller', async () => {
    const options = withHeaders({ 'X-API-Key': api.key });
    assert.equal((await api.call('POST', '/api/sessions', newSession(), options)).status, 201);
    assert.equal((await api.call('GET', '/api/sessions', undefined, options)).status, 200);
  });

  it('AC-1.3.a a valid key as a bearer token does as well, whatever the case of the scheme and the key', async () => {
    for (const authorization of [`Bearer ${api.key}`, `bearer ${api.key}`, `Bearer ${api.key.toUpperCase()}`]) {
      const options = withHeaders({ Authorization: authorization });
      assert.equal((await api.call('GET', '/api/sessions', undefined, options)).status, 200, authorization);
    }
  });

  it('AC-1.3.a each of several configured keys is valid', async () => {
    const keys = [randomUUID(), randomUUID()];
    const other = await startTestApi({ apiKeys: keys });
    try {
      for (const key of keys) {
        const reply = await other.call('GET', '/api/sessions', undefined, withHeaders({ 'X-API-Key': key }));
        assert.equal(reply.status, 200);
      }
    } finally {
      await other.close();
    }
  });

  it('AC-1.3.b a request without a key is refused with "API key required"', async () => {
    for (const headers of [{}, { 'X-API-Key': '' }, { 'X-API-Key': '  ' }]) {
      const options = withHeaders({ ...headers });
      const error = await refused(api, 'API_KEY_REQUIRED', 'POST', '/api/sessions', newSession(), options);
      assert.equal(error.message, 'API key required');
    }
  });

  it('AC-1.3.c a key that is not configured is refused with "Invalid API key"', async () => {
    const options = withHeaders({ 'X-API-Key': randomUUID() });
    const error = await refused(api, 'API_KEY_INVALID', 'POST', '/api/sessions', newSession(), options);
    assert.equal(error.message, 'Invalid API key');
  });

  it('AC-1.3.c what is not shaped like a UUID v4 is refused with "Malformed API key"', async () => {
    const version1 = '8f6d3b7e-1c2d-1e3f-8a4b-5c6d7e8f9a0b';
    for (const key of ['invalid-key-123', version1, api.key.slice(1), `${api.key}0`, api.key.replaceAll('-', '')]) {
      const options = withHeaders({ 'X-API-Key': key });
      const error = await refused(api, 'API_KEY_MALFORMED', 'POST', '/api/sessions', newSession(), options);
      assert.equal(error.message, 'Malformed API key');
    }
  });

  it('the bearer token wins where both headers are sent', async () => {
    const right = { Authorization: `Bearer ${api.key}`, 'X-API-Key': randomUUID() };
    assert.equal((await api.call('GET', '/api/sessions', undefined, withHeaders(right))).status, 200);
    const wrong = { Authorization: `Bearer ${randomUUID()}`, 'X-API-Key': api.key };
    await refused(api, 'API_KEY_INVALID', 'GET', '/api/sessions', undefined, withHeaders(wrong));
    const otherScheme = { Authorization: 'Basic dXNlcjpwYXNz', 'X-API-Key': api.key };
    await refused(api, 'API_KEY_MALFORMED', 'GET', '/api/sessions', undefined, withHeaders(otherScheme));
  });

  it('a request is refused before its body is looked at', async () => {
    await refused(api, 'API_KEY_REQUIRED', 'POST', '/api/sessions', '{not json', withHeaders({}));
  });

  it('AC-1.3.d /health answers without a key', async () => {
    for (const path of ['/health', '/health/live', '/health/ready']) {
      assert.equal((await api.call('GET', path, undefined, { withoutKey: true })).status, 200, path);
    }
  });

  it('AC-1.3.e a failed attempt is logged with its time, its address and the masked key', async () => {
    const key = randomUUID();
    const { request_id } = await refused(
      api,
      'API_KEY_INVALID',
      'GET',
      '/api/tasks',
      undefined,
      withHeaders({ 'X-API-Key': key }),
    );
    const line = api.log
      .withMessage('Authentication failed')
      .find(({ context }) => context['request_id'] === request_id);
    assert.ok(line);
    assert.equal(line.level, 'WARN');
    assert.ok(Math.abs(Date.now() - Date.parse(line.timestamp)) < 60_000);
    assert.deepEqual(line.context, {
      ip: '127.0.0.1',
      key: `${key.slice(0, 4)}…${key.slice(-4)}`,
      code: 'API_KEY_INVALID',
      endpoint: '/api/tasks',
      request_id,
    });
  });

  it('AC-1.3.e a successful attempt is logged likewise', async () => {
    const request_id = randomUUID();
    await api.call('GET', '/api/tasks', undefined, { headers: { 'X-Request-Id': request_id } });
    const line = api.log.withMessage('Authenticated').find(({ context }) => context['request_id'] === request_id);
    assert.ok(line);
    assert.equal(line.context['ip'], '127.0.0.1');
    assert.equal(line.context['key'], `${api.key.slice(0, 4)}…${api.key.slice(-4)}`);
  });

  it('of heartbeats the first in an hour is logged for everybody, so that a key that only beats is seen to be in use', async () => {
    const body = { project_id: randomUUID(), machine_id: randomUUID() };
    const { body: session } = await api.call<{ session_id: string }>('POST', '/api/sessions', body);
    const before = api.log.withMessage('Authenticated').length;
    const beats = ['first', 'second', 'an hour later'];
    for (const [index] of beats.entries()) {
      if (index === 2) api.clock.advance(HOUR);
      await api.call('POST', `/api/sessions/${session.session_id}/heartbeat`);
    }
    const levels = api.log.withMessage('Authenticated').map(({ level }) => level);
    assert.deepEqual(levels.slice(before), ['INFO', 'DEBUG', 'INFO']);
  });

  it('no key is ever in the log: not a valid one, not an unknown one, not a mistyped one', async () => {
    const unknown = randomUUID();
    const mistyped = `${api.key}x`;
    for (const key of [api.key, unknown, mistyped]) {
      await api.call('GET', '/api/sessions', undefined, withHeaders({ 'X-API-Key': key }));
      await api.call('GET', '/api/sessions', undefined, withHeaders({ Authorization: `Bearer ${key}` }));
    }
    assert.ok(api.log.withMessage('Authentication failed').length >= 4);
    for (const key of [api.key, unknown, mistyped]) assert.ok(!api.log.text.includes(key));
  });
});

describe('1.3 development without keys', () => {
  it('lets every request through, and warns of it at the start', async () => {
    const api = await startTestApi({ nodeEnv: 'development', apiKeys: [], authenticationBypassed: true });
    try {
      const [warning] = api.log.withMessage(
        'No API keys are configured: every request is let through. Never run like this outside development.',
      );
      assert.equal(warning?.level, 'WARN');
      const reply = await api.call('POST', '/api/sessions', newSession(), { withoutKey: true });
      assert.equal(reply.status, 201);
      await new Scenario(api).session();
    } finally {
      await api.close();
    }
  });
});
