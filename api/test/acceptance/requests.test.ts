import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { LIMITS, type Machine, type Session, type Task } from '@claude-projects/shared/contract';
import { StorageUnavailableError } from '../../src/storage/storage-errors.ts';
import { overriding } from '../support/overriding.ts';
import { refused } from '../support/refused.ts';
import { Scenario } from '../support/scenario.ts';
import { startTestApi, type TestApi } from '../support/test-api.ts';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

describe('requests of any kind', () => {
  let api: TestApi;
  let scenario: Scenario;
  before(async () => {
    api = await startTestApi();
    scenario = new Scenario(api);
  });
  after(() => api.close());

  it('every path answers without /api as it does with it', async () => {
    const input = { project_id: randomUUID(), machine_id: randomUUID() };
    const { status, body: session } = await api.call<Session>('POST', '/sessions', input);
    assert.equal(status, 201);
    const path = `/sessions/${session.session_id}`;
    const { body: task } = await api.call<Task>('POST', '/tasks', {
      session_id: session.session_id,
      project_id: session.project_id,
      task_name: 'x',
    });
    const { body: machine } = await api.call<Machine>('POST', '/machines', { hostname: 'host', docker_slots: [] });
    assert.equal((await api.call('POST', `${path}/heartbeat`)).status, 200);
    for (const read of [path, `${path}/health`, `/sessions?project_id=${session.project_id}`, '/sessions/health']) {
      const [short, long] = [await api.call('GET', read), await api.call('GET', `/api${read}`)];
      assert.equal(short.status, 200, read);
      assert.deepEqual(short.body, long.body);
    }
    for (const read of [`/tasks/${task.task_id}`, `/machines/${machine.machine_id}`]) {
      const [short, long] = [await api.call('GET', read), await api.call('GET', `/api${read}`)];
      assert.equal(short.status, 200, read);
      assert.deepEqual(short.body, long.body);
    }
    assert.equal((await api.call('DELETE', path)).status, 204);
    await refused(api, 'SESSION_NOT_FOUND', 'GET', path);
    await refused(api, 'API_KEY_REQUIRED', 'GET', '/sessions', undefined, { withoutKey: true });
  });

  it('PUT means what PATCH means', async () => {
    const session = await scenario.session({ metadata: { kept: 1 } });
    const task = await scenario.task(session);
    const machine = await scenario.machine();
    for (const prefix of ['', '/api']) {
      const path = `${prefix}/sessions/${session.session_id}`;
      const { status, body } = await api.call<Session>('PUT', path, { metadata: { [prefix]: 1 } });
      assert.equal(status, 200);
      assert.equal(body.metadata['kept'], 1);
    }
    const started = await api.call('PUT', `/api/tasks/${task.task_id}`, { status: 'in_progress' });
    assert.equal(started.body['status'], 'in_progress');
    const offline = await api.call('PUT', `/api/machines/${machine.machine_id}`, { status: 'offline' });
    assert.equal(offline.body['status'], 'offline');
    await refused(api, 'ROUTE_NOT_FOUND', 'PUT', '/api/sessions', {});
  });

  it('a path that does not exist, or not with this method, is 404 in the format of the contract', async () => {
    for (const [method, path] of [
      ['GET', '/'],
      ['GET', '/api/nothing'],
      ['POST', '/nothing?at=all'],
      ['DELETE', '/api/sessions'],
      ['GET', '/apisessions'],
      ['PATCH', '/api/sessions/x/heartbeat'],
    ] as const) {
      await refused(api, 'ROUTE_NOT_FOUND', method, path);
      await refused(api, 'ROUTE_NOT_FOUND', method, path, undefined, { withoutKey: true });
    }
  });

  it('a body that is not JSON is 400', async () => {
    for (const body of ['{', 'project_id=x', '{"project_id":"x",}', '\u0000']) {
      await refused(api, 'INVALID_JSON', 'POST', '/api/sessions', body);
    }
  });

  it('a body that is JSON but no object is 400', async () => {
    for (const body of ['null', '[]', '"text"', '7', '']) {
      await refused(api, 'VALIDATION_FAILED', 'POST', '/api/sessions', body);
    }
  });

  it('a body over 1 MiB is 413, one of just that size is read', async () => {
    const bodyOf = (bytes: number) => `{"project_id":"${'x'.repeat(bytes - 17)}"}`;
    await refused(api, 'VALIDATION_FAILED', 'POST', '/api/sessions', bodyOf(LIMITS.bodyBytes));
    await refused(api, 'PAYLOAD_TOO_LARGE', 'POST', '/api/sessions', bodyOf(LIMITS.bodyBytes + 1));
  });

  it('a body of another type than JSON is 415', async () => {
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'application/xml']) {
      const options = { headers: { 'Content-Type': type } };
      await refused(api, 'UNSUPPORTED_MEDIA_TYPE', 'POST', '/api/sessions', '{}', options);
    }
    const session = { project_id: randomUUID(), machine_id: randomUUID() };
    const charset = { headers: { 'Content-Type': 'application/json; charset=utf-8' } };
    assert.equal((await api.call('POST', '/api/sessions', session, charset)).status, 201);
  });

  it('a request id that is a UUID is kept; any other is replaced', async () => {
    const { session_id } = await scenario.session();
    for (const path of ['/health', `/api/sessions/${session_id}`, '/nothing']) {
      const given = randomUUID();
      const kept = await api.call('GET', path, undefined, { headers: { 'X-Request-Id': given } });
      assert.equal(kept.headers.get('X-Request-Id'), given);
      for (const garbage of ['1', `${given} `.repeat(2), '../../etc/passwd', 'x'.repeat(5000)]) {
        const replaced = await api.call('GET', path, undefined, { headers: { 'X-Request-Id': garbage } });
        assert.match(replaced.headers.get('X-Request-Id') ?? '', UUID);
        assert.notEqual(replaced.headers.get('X-Request-Id'), given);
      }
    }
    const [one, two] = [await api.call('GET', '/health'), await api.call('GET', '/health')];
    assert.notEqual(one.headers.get('X-Request-Id'), two.headers.get('X-Request-Id'));
  });

  it('a refusal carries the request id of its caller', async () => {
    const headers = { 'X-Request-Id': randomUUID() };
    const error = await refused(api, 'SESSION_NOT_FOUND', 'GET', '/api/sessions/x', undefined, { headers });
    assert.equal(error.request_id, headers['X-Request-Id']);
  });

  it('what a request causes is in the log under its id', async () => {
    const headers = { 'X-Request-Id': randomUUID() };
    const session = { project_id: randomUUID(), machine_id: randomUUID() };
    await api.call('POST', '/sessions', session, { headers });
    const { context } = api.log.withMessage('Session created').at(-1) ?? assert.fail();
    assert.equal(context['request_id'], headers['X-Request-Id']);
    assert.equal(context['endpoint'], '/api/sessions');
  });
});

describe('requests that the server fails', () => {
  const failing = async (error: Error) => {
    const get = async () => {
      throw error;
    };
    return startTestApi(
      {},
      { decorate: (storage) => overriding(storage, { sessions: overriding(storage.sessions, { get }) }) },
    );
  };

  it('a fault nobody foresaw is an opaque 500, whose request id is in the log beside the stack', async () => {
    const api = await failing(new Error('secret detail'));
    try {
      const error = await refused(api, 'INTERNAL_ERROR', 'GET', '/api/sessions/x');
      assert.doesNotMatch(JSON.stringify(error), /secret|stack/);
      const line = api.log.withMessage('Request failed').at(-1);
      assert.equal(line?.level, 'ERROR');
      assert.equal(line.context['request_id'], error.request_id);
      assert.match(String(line.context['stack']), /secret detail[^]*at /);
    } finally {
      await api.close();
    }
  });

  it('a database that cannot be reached is 503 with Retry-After', async () => {
    const api = await failing(new StorageUnavailableError('connection refused by 10.0.0.1'));
    try {
      const error = await refused(api, 'DATABASE_UNAVAILABLE', 'GET', '/api/sessions/x');
      assert.doesNotMatch(JSON.stringify(error), /10\.0\.0\.1/);
      const { headers } = await api.call('GET', '/api/sessions/x');
      assert.match(headers.get('Retry-After') ?? '', /^[1-9]\d*$/);
    } finally {
      await api.close();
    }
  });
});
