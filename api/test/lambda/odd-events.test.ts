import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { ErrorReply } from '@claude-projects/shared/contract';
import { randomId } from '../../src/common/ids.ts';
import { readConfiguration } from '../../src/config/configuration.ts';
import { type ApiFunction, createApiFunction } from '../../src/lambda/api-function.ts';
import { Log } from '../../src/logging/log.ts';
import { PrometheusMetrics } from '../../src/metrics/prometheus-metrics.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { LogCapture } from '../support/log-capture.ts';
import { openTestStorage, type TestStorage } from '../support/test-storage.ts';
import { context, fromReply, toEvent } from './support/gateway.ts';

/** Requests that a gateway may pass on although our clients never send them. A rejection would become a bare 500. */
describe('the function answers odd requests with the errors of the contract', () => {
  const key = randomUUID();
  let opened: TestStorage;
  let api: ApiFunction;

  before(async () => {
    opened = await openTestStorage();
    const configuration = { ...readConfiguration({ API_KEYS: key, LOG_LEVEL: 'debug' }), scheduleJobs: false };
    const parts = { configuration, clock: new FakeClock(), storage: opened.storage, makeId: randomId };
    const metrics = new PrometheusMetrics();
    api = await createApiFunction({ ...parts, metrics, log: new Log(configuration, new LogCapture()) }, undefined);
  });
  after(async () => {
    await api.close();
    await opened.dispose();
  });

  async function refusalOf(odd: {
    method?: string;
    rawPath?: string;
    headers?: Record<string, string>;
    body?: string;
  }) {
    const event = toEvent({ method: odd.method ?? 'GET', url: '/api/sessions' });
    const headers = { ...event.headers, 'x-api-key': key, 'content-type': 'application/json', ...odd.headers };
    const { status, text } = fromReply(await api.handler({ ...event, ...odd, headers }, context));
    const refusal = ErrorReply.parse(JSON.parse(text));
    assert.equal(refusal.statusCode, status);
    return refusal.code;
  }

  for (const method of [
    'FOO',
    'Get',
    'get',
    '',
    'GET /health',
    '\0',
    'ÜBER',
    'X'.repeat(9_000),
    'PROPFIND',
    'TRACE',
    'CONNECT',
    'QUERY',
  ]) {
    it(`the method ${JSON.stringify(method.slice(0, 20))}`, async () => {
      assert.equal(await refusalOf({ method }), 'ROUTE_NOT_FOUND');
    });
  }

  for (const rawPath of [
    '',
    '*',
    'http://',
    'http://[',
    'https://example.com/api/sessions',
    'javascript:x',
    '//',
    '//[',
    '//api/sessions',
    '/\\',
    '/\\[',
    '/\\example.com/api/sessions',
    '/api\\sessions',
    '/api\t/sessions',
    '/api/sessions\r\n',
    '/\0',
    '/%',
    '/%zz',
    '/api/ü',
    '/api/\ud800',
  ]) {
    it(`the path ${JSON.stringify(rawPath)}`, async () => {
      assert.equal(await refusalOf({ rawPath }), 'ROUTE_NOT_FOUND');
    });
  }

  for (const headers of [
    { 'content-length': '5' },
    { 'transfer-encoding': 'chunked' },
    { expect: '100-continue' },
    { connection: 'upgrade', upgrade: 'websocket' },
    { 'content-encoding': 'gzip' },
    { '': 'x' },
    { 'a b': 'x\r\ny' },
    { host: '' },
    { constructor: 'x' },
    { 'x-request-id': '\r\n' },
  ] as readonly Record<string, string>[]) {
    it(`a body that is no JSON under the headers ${JSON.stringify(headers)}`, async () => {
      assert.match(await refusalOf({ method: 'POST', headers, body: '{' }), /^INVALID_JSON$|^BAD_REQUEST$/);
    });
  }
});
