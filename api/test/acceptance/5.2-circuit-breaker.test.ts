import assert from 'node:assert/strict';
import type { Storage } from '../../src/storage/storage.ts';
import { StorageUnavailableError } from '../../src/storage/storage-errors.ts';
import { SECOND } from '../support/fake-clock.ts';
import { overriding } from '../support/overriding.ts';
import { refused } from '../support/refused.ts';
import { startTestApi, type TestApi } from '../support/test-api.ts';

/** A database that can be switched off, and how often it was asked for a session. */
class Switch {
  isOff = false;
  calls = 0;

  decorate(storage: Storage): Storage {
    const unlessOff = async <T>(run: () => Promise<T>): Promise<T> => {
      if (this.isOff) throw new StorageUnavailableError('connection refused by 10.0.0.1');
      return run();
    };
    const { sessions } = storage;
    return overriding(storage, {
      ping: () => unlessOff(() => storage.ping()),
      sessions: overriding(sessions, {
        get: (sessionId) => {
          this.calls += 1;
          return unlessOff(() => sessions.get(sessionId));
        },
      }),
    });
  }
}

const PATH = '/api/sessions/none';

describe('5.2 the circuit to the database', () => {
  let api: TestApi;
  let database: Switch;
  beforeEach(async () => {
    database = new Switch();
    api = await startTestApi({}, { decorate: (storage) => database.decorate(storage) });
  });
  afterEach(() => api.close());

  const fail = async (times: number) => {
    for (let call = 0; call < times; call++) await refused(api, 'DATABASE_UNAVAILABLE', 'GET', PATH);
  };
  const opened = async () => {
    database.isOff = true;
    await fail(5);
    database.calls = 0;
  };

  it('AC-5.2.e opens after five failures: the sixth request is told so, at once and with Retry-After', async () => {
    database.isOff = true;
    await fail(5);
    assert.equal(database.calls, 5);
    const error = await refused(api, 'DATABASE_UNAVAILABLE', 'GET', PATH);
    assert.match(error.message, /circuit is open\. Try again in 30 s/);
    assert.doesNotMatch(JSON.stringify(error), /10\.0\.0\.1/);
    assert.equal(database.calls, 5, 'the database was left alone');
    api.clock.advance(12 * SECOND);
    assert.equal((await api.call('GET', PATH)).headers.get('Retry-After'), '18');
    assert.equal(api.log.withMessage('Database circuit opened').length, 1);
  });

  it('holds for every route that needs the database, and for no other', async () => {
    await opened();
    for (const path of ['/api/sessions', '/api/tasks', '/api/machines', '/api/sessions/health']) {
      await refused(api, 'DATABASE_UNAVAILABLE', 'GET', path);
    }
    for (const path of ['/health', '/health/live', '/api/docs-json']) {
      assert.equal((await api.call('GET', path)).status, 200, path);
    }
    assert.equal((await api.call('GET', '/health/ready')).status, 503);
  });

  it('lets one request through after 30 s, and closes if the database answers it', async () => {
    await opened();
    api.clock.advance(30 * SECOND - 1);
    await fail(1);
    assert.equal(database.calls, 0);
    database.isOff = false;
    api.clock.advance(1);
    for (let call = 0; call < 3; call++) await refused(api, 'SESSION_NOT_FOUND', 'GET', PATH);
    assert.equal(api.log.withMessage('Database circuit closed').length, 1);
  });

  it('opens for another 30 s if the database fails that one too', async () => {
    await opened();
    api.clock.advance(30 * SECOND);
    await fail(3);
    assert.equal(database.calls, 1);
    assert.equal((await api.call('GET', PATH)).headers.get('Retry-After'), '30');
  });

  it('stays closed while failures are fewer than five in any 60 s', async () => {
    database.isOff = true;
    await fail(4);
    api.clock.advance(60 * SECOND);
    await fail(4);
    database.isOff = false;
    await refused(api, 'SESSION_NOT_FOUND', 'GET', PATH);
  });

  it('is not opened by refusals, which are answers of a database that works', async () => {
    for (let call = 0; call < 10; call++) await refused(api, 'SESSION_NOT_FOUND', 'GET', PATH);
    await refused(api, 'SESSION_NOT_FOUND', 'GET', PATH);
  });

  it('is passed by the readiness check, whose success lets the next request probe at once', async () => {
    await opened();
    database.isOff = false;
    await fail(1);
    assert.equal((await api.call('GET', '/health/ready')).status, 200);
    await refused(api, 'SESSION_NOT_FOUND', 'GET', PATH);
    await refused(api, 'SESSION_NOT_FOUND', 'GET', PATH);
  });
});
