import assert from 'node:assert/strict';
import { LIMITS } from '@claude-projects/shared/contract';
import { type FastifyInstance, fastify } from 'fastify';
import { addConditionalReplies } from '../../src/http/conditional-replies.ts';
import { protocolErrorOptions } from '../../src/http/protocol-errors.ts';
import { addRequestContext, canonicalUrl, requestIdOf } from '../../src/http/request-hooks.ts';
import { Log } from '../../src/logging/log.ts';
import { PrometheusMetrics } from '../../src/metrics/prometheus-metrics.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { LogCapture } from '../support/log-capture.ts';
import { startTestApi } from '../support/test-api.ts';
import { assertRefusal } from './support/answers.ts';
import { parseReply, RawClient } from './support/raw-client.ts';

const HEAD = 'Host: x\r\nConnection: close\r\n';

describe('what is refused before any route is found', () => {
  let server: FastifyInstance;
  let client: RawClient;
  const log = new LogCapture();
  before(async () => {
    server = fastify({
      ...protocolErrorOptions(
        new FakeClock(),
        new Log({ logLevel: 'debug', apiKeys: [], mongodbUri: undefined }, log),
        new PrometheusMetrics(),
      ),
      genReqId: requestIdOf,
      rewriteUrl: canonicalUrl,
      routerOptions: { maxParamLength: LIMITS.idLength * 3 },
    });
    addRequestContext(server);
    addConditionalReplies(server);
    server.get('/api/sessions/:sessionId', () => ({}));
    client = new RawClient(await server.listen({ port: 0, host: '127.0.0.1' }));
  });
  after(async () => {
    client.close();
    await server.close();
  });

  for (const id of ['%zz', '%', '%ff', '%E0%A4%A', '%ED%A0%80']) {
    it(`a path that cannot be decoded: ${id}`, async () => {
      const { code, path } = assertRefusal(await client.send({ method: 'GET', path: `/sessions/${id}?a=b` }));
      assert.deepEqual([code, path], ['BAD_REQUEST', `/sessions/${id}`]);
    });
  }

  it('an id of 10,000 characters', async () => {
    const reply = await client.send({ method: 'GET', path: `/api/sessions/${'a'.repeat(10_000)}` });
    assert.equal(assertRefusal(reply).code, 'URI_TOO_LONG');
  });

  it('keeps the request id of the caller', async () => {
    const id = crypto.randomUUID();
    const reply = await client.send({ method: 'GET', path: '/api/sessions/%zz', headers: { 'X-Request-Id': id } });
    assert.equal(assertRefusal(reply).request_id, id);
    const [line] = log.matching(({ context }) => context['request_id'] === id);
    assert.deepEqual(
      [line?.level, line?.message, line?.context['endpoint']],
      ['WARN', 'Request refused', '/api/sessions/%zz'],
    );
  });

  const notHttp: [string, string | Buffer][] = [
    ['no HTTP at all', 'garbage\r\n\r\n'],
    ['a method that does not exist', `FOO /api/sessions HTTP/1.1\r\n${HEAD}\r\n`],
    ['bytes above ASCII in the path', Buffer.from(`GET /api/sessions/\xc3\x28 HTTP/1.1\r\n${HEAD}\r\n`, 'latin1')],
    ['a length that is no number', `POST /api/sessions HTTP/1.1\r\n${HEAD}Content-Length: abc\r\n\r\n{}`],
    [
      'a length and chunks',
      `POST / HTTP/1.1\r\n${HEAD}Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
    ],
    ['headers over 16 KiB', `GET / HTTP/1.1\r\n${HEAD}X-Big: ${'b'.repeat(20_000)}\r\n\r\n`],
    ['a path over 16 KiB', `GET /${'a'.repeat(20_000)} HTTP/1.1\r\n${HEAD}\r\n`],
    ['a header without a colon', `GET / HTTP/1.1\r\nHost: x\r\nnonsense\r\n\r\n`],
    ['a NUL in a header', `GET / HTTP/1.1\r\nHost: x\r\nX: \0\r\n\r\n`],
  ];
  for (const [title, bytes] of notHttp) {
    it(title, async () => {
      const reply = parseReply(await client.sendBytes(bytes));
      const { code, request_id } = assertRefusal(reply);
      assert.equal(code, 'BAD_REQUEST');
      assert.equal(log.matching(({ context }) => context['request_id'] === request_id).length, 1);
    });
  }

  it('leaves the server well', async () => {
    assert.equal((await client.send({ method: 'GET', path: '/api/sessions/x' })).status, 200);
  });
});

describe('the API itself', () => {
  it('refuses so what it cannot find a route for', async function () {
    const api = await startTestApi();
    const client = new RawClient(api.url);
    try {
      const reply = await client.send({ method: 'GET', path: '/api/sessions/%zz' });
      assert.equal(assertRefusal(reply).code, 'BAD_REQUEST');
      const long = await client.send({ method: 'GET', path: `/api/sessions/${'a'.repeat(10_000)}` });
      assert.equal(assertRefusal(long).code, 'URI_TOO_LONG');
      assert.equal(assertRefusal(parseReply(await client.sendBytes('garbage\r\n\r\n'))).code, 'BAD_REQUEST');
    } finally {
      client.close();
      await api.close();
    }
  });
});
