import assert from 'node:assert/strict';
import { connect } from 'node:net';
import type { SessionRecord } from '../../src/storage/records.ts';
import { overriding } from '../support/overriding.ts';
import { refused } from '../support/refused.ts';
import { startTestApi, type TestApi } from '../support/test-api.ts';

const PATH = '/api/sessions/none';

/** An API whose database answers a read when the test says so. */
async function withHeldReads(limits: { requestTimeoutMs: number; databaseTimeoutMs: number }): Promise<{
  api: TestApi;
  answer: PromiseWithResolvers<SessionRecord | null>;
}> {
  const answer = Promise.withResolvers<SessionRecord | null>();
  const api = await startTestApi(limits, {
    decorate: (storage) =>
      overriding(storage, { sessions: overriding(storage.sessions, { get: () => answer.promise }) }),
  });
  return { api, answer };
}

describe('5.2 time limits', () => {
  const unhandled: unknown[] = [];
  const note = (reason: unknown) => unhandled.push(reason);
  before(() => process.on('unhandledRejection', note));
  after(() => {
    process.off('unhandledRejection', note);
    assert.deepEqual(unhandled, []);
  });

  it('AC-5.2.f a request that takes longer than its time is answered with 504, and what comes late is dropped', async () => {
    const { api, answer } = await withHeldReads({ requestTimeoutMs: 150, databaseTimeoutMs: 60_000 });
    try {
      const started = performance.now();
      await refused(api, 'REQUEST_TIMEOUT', 'GET', PATH);
      assert.ok(performance.now() - started < 1000);
      answer.resolve(null);
      await refused(api, 'SESSION_NOT_FOUND', 'GET', PATH);
    } finally {
      await api.close();
    }
  });

  it('AC-5.2.f a late failure is dropped as well', async () => {
    const { api, answer } = await withHeldReads({ requestTimeoutMs: 150, databaseTimeoutMs: 60_000 });
    try {
      await refused(api, 'REQUEST_TIMEOUT', 'GET', PATH);
      answer.reject(new Error('too late'));
      await refused(api, 'INTERNAL_ERROR', 'GET', PATH);
    } finally {
      await api.close();
    }
  });

  it('AC-5.2.f a database call that takes longer than its time is given up, and answered with 504', async () => {
    const { api, answer } = await withHeldReads({ requestTimeoutMs: 60_000, databaseTimeoutMs: 150 });
    try {
      const error = await refused(api, 'REQUEST_TIMEOUT', 'GET', PATH);
      assert.match(error.message, /^The database did not answer in time/);
      answer.reject(new Error('too late'));
      await refused(api, 'INTERNAL_ERROR', 'GET', PATH);
    } finally {
      await api.close();
    }
  });

  it('each of many requests has its own time, under its own id in the log', async () => {
    const { api } = await withHeldReads({ requestTimeoutMs: 150, databaseTimeoutMs: 60_000 });
    try {
      const errors = await Promise.all(Array.from({ length: 50 }, () => refused(api, 'REQUEST_TIMEOUT', 'GET', PATH)));
      const ids = errors.map(({ request_id }) => request_id);
      const logged = new Set(api.log.withMessage('Request refused').map(({ context }) => context['request_id']));
      assert.deepEqual(
        ids.filter((id) => !logged.has(id)),
        [],
      );
    } finally {
      await api.close();
    }
  });

  it('a body that never ends is answered too, and its connection is closed', async () => {
    const api = await startTestApi({ requestTimeoutMs: 150 });
    const socket = connect(Number(new URL(api.url).port), '127.0.0.1').setEncoding('utf8');
    try {
      socket.write(
        `POST /api/sessions HTTP/1.1\r\nHost: x\r\nX-API-Key: ${api.key}\r\n` +
          'Content-Type: application/json\r\nContent-Length: 1000\r\n\r\n{"project_id":',
      );
      const received: string[] = [];
      for await (const text of socket) received.push(String(text));
      assert.match(received.join(''), /^HTTP\/1\.1 504 [^]*"code":"REQUEST_TIMEOUT"/);
    } finally {
      socket.destroy();
      await api.close();
    }
  });
});
