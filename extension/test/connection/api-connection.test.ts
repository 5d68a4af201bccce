import assert from 'node:assert/strict';
import { AbortedError, ApiError, AuthenticationError } from '@claude-projects/shared/client';
import type { ConnectionState } from '../../src/connection/connection.ts';
import type { Endpoint } from '../../src/connection/endpoint-source.ts';
import { keyRefused, noDatabase, noSuchSession, notOurs, unreachable } from '../support/errors.ts';
import { FakeClock, MINUTE } from '../support/fake-clock.ts';
import { RecordingLog } from '../support/recording-log.ts';
import { readyEndpoint, ScriptedApi, scriptedConnection } from '../support/scripted-api.ts';

describe('the connection', () => {
  const setUp = () => {
    const api = new ScriptedApi();
    const clock = new FakeClock();
    const log = new RecordingLog();
    const { connection, source } = scriptedConnection({ api, clock, log });
    const states: ConnectionState['kind'][] = [];
    connection.onDidChange(({ kind }) => states.push(kind));
    api.on(/./, () => ({ status: 'ok', service: 'claude-projects', version: '1', uptime: 1, timestamp: stamp }));
    const ask = (signal?: AbortSignal) => connection.call((client, signal) => client.getHealth({ signal }), signal);
    const kind = () => connection.state.kind;
    return { api, clock, log, connection, source, states, ask, kind };
  };

  it('does nothing before the first call, then looks for the API once for all who call', async () => {
    const { connection, source, states, ask, kind } = setUp();
    assert.equal(kind(), 'unused');
    assert.equal(source.resolved, 0);
    await Promise.all([ask(), ask(), ask()]);
    assert.equal(source.resolved, 1);
    assert.deepEqual(states, ['connecting', 'online']);
    assert.equal(connection.address?.mode, 'remote');
  });

  it('says since when it is offline, and comes back with the first answer', async () => {
    const { api, clock, connection, ask, kind } = setUp();
    const since = clock.now();
    api.on(/./, () => {
      throw unreachable();
    });
    await assert.rejects(ask(), ApiError);
    await clock.advance(MINUTE);
    await assert.rejects(ask(), ApiError);
    assert.deepEqual(connection.state, { kind: 'offline', since, reason: unreachable().message });
    api.on(/./, () => {
      throw noSuchSession();
    });
    await assert.rejects(ask(), ApiError);
    assert.equal(kind(), 'online', 'a refusal is an answer');
  });

  it('is offline while the database behind the API is', async () => {
    const { api, source, ask, kind } = setUp();
    api.on(/./, () => {
      throw noDatabase();
    });
    await assert.rejects(ask(), ApiError);
    assert.equal(kind(), 'offline');
    assert.equal(source.unreachable, 0, 'the server itself is there');
  });

  it('sends nothing more after a 401 until the key changes', async () => {
    const { api, clock, source, ask, kind } = setUp();
    api.on(/./, () => {
      throw keyRefused();
    });
    await assert.rejects(ask(), AuthenticationError);
    assert.equal(kind(), 'key-refused');
    await assert.rejects(ask(), AuthenticationError);
    await assert.rejects(ask(), AuthenticationError);
    assert.equal(api.requests.length, 1);
    api.on(/./, () => ({ status: 'ok', service: 'claude-projects', version: '1', uptime: 1, timestamp: stamp }));
    source.change(readyEndpoint('second'));
    await clock.advance(0);
    assert.equal(kind(), 'online');
  });

  it('sends nothing while there is no key, or while the settings make no sense', async () => {
    const { api, connection, source, ask, kind } = setUp();
    source.endpoint = { kind: 'key-missing' };
    await assert.rejects(ask(), AuthenticationError);
    assert.equal(kind(), 'key-missing');
    source.change({ kind: 'unusable', reason: 'The URL is wrong.' });
    await assert.rejects(ask(), /The URL is wrong\./);
    await assert.rejects(ask(), /The URL is wrong\./);
    assert.deepEqual(connection.state, { kind: 'unusable', reason: 'The URL is wrong.' });
    assert.equal(source.resolved, 2, 'it is not asked again before something changes');
    assert.equal(api.requests.length, 0);
  });

  it('tells a server that is not ours from one that is away', async () => {
    const { api, ask, kind } = setUp();
    api.on(/./, () => {
      throw notOurs();
    });
    await assert.rejects(ask(), ApiError);
    assert.equal(kind(), 'not-our-api');
  });

  it('goes on at once with a local server that came back as another instance', async () => {
    const { api, source, states, ask, kind } = setUp();
    source.endpoint = readyEndpoint('first', 'local');
    await ask();
    api.on(/./, () => {
      if (source.unreachable === 0) throw unreachable();
      return { status: 'ok', service: 'claude-projects', version: '1', uptime: 1, timestamp: stamp };
    });
    source.endpoint = readyEndpoint('second', 'local');
    await ask();
    assert.equal(source.unreachable, 1);
    assert.equal(kind(), 'online');
    assert.deepEqual(states, ['connecting', 'online'], 'nobody needs to notice');
  });

  it('takes a key that a local server refuses for a sign that it is another one', async () => {
    const { api, source, ask, kind } = setUp();
    source.endpoint = readyEndpoint('first', 'local');
    api.on(/./, () => {
      throw keyRefused();
    });
    await assert.rejects(ask(), AuthenticationError);
    assert.equal(kind(), 'offline');
    assert.equal(source.unreachable, 1);
  });

  it('lets one caller give up without spoiling it for the others', async () => {
    const { source, ask, kind } = setUp();
    let answer = () => {};
    source.resolve = () => new Promise((done) => (answer = () => done(readyEndpoint('first'))));
    const impatient = new AbortController();
    const [first, second] = [ask(impatient.signal), ask()];
    impatient.abort();
    await assert.rejects(first, AbortedError);
    answer();
    await second;
    assert.equal(kind(), 'online');
  });

  it('sends nothing to the API of before once another was chosen, also what waited for that one to be found', async () => {
    const { api, source, ask, connection } = setUp();
    const found = Promise.withResolvers<Endpoint>();
    const before = source.endpoint;
    const resolve = source.resolve.bind(source);
    source.resolve = () => found.promise;
    const waiting = ask();
    source.resolve = resolve;
    source.change({ ...readyEndpoint('second', 'remote', 'https://elsewhere.example'), ...otherKey });
    found.resolve(before);
    await waiting;
    assert.deepEqual([...new Set(api.requests.map(({ apiKey }) => apiKey))], [otherKey.apiKey]);
    assert.equal(connection.address?.baseUrl, 'https://elsewhere.example');
  });

  it('gives up what is under way when another API is chosen: its outcome would be taken for that of the other', async () => {
    const { api, source, ask, kind, clock } = setUp();
    await ask();
    api.on(/./, ({ signal }) => new Promise((_, fail) => signal?.addEventListener('abort', () => fail(signal.reason))));
    const asking = ask();
    await clock.advance(0);
    api.on(/./, () => ({ status: 'ok', service: 'claude-projects', version: '1', uptime: 1, timestamp: stamp }));
    source.change(readyEndpoint('second', 'remote', 'https://elsewhere.example'));
    await assert.rejects(asking, AbortedError);
    await clock.advance(0);
    assert.equal(kind(), 'online');
  });

  it('ends every call when it is disposed of, and says nothing afterwards', async () => {
    const { api, connection, states, ask } = setUp();
    await ask();
    api.on(/./, ({ signal }) => new Promise((_, fail) => signal?.addEventListener('abort', () => fail(signal.reason))));
    const call = ask();
    setImmediate(() => connection.dispose());
    await assert.rejects(call, ApiError);
    assert.deepEqual(states, ['connecting', 'online']);
  });
});

const stamp = '2026-03-01T09:00:00.000Z';

const otherKey = { apiKey: '22222222-2222-4222-8222-222222222222' };
