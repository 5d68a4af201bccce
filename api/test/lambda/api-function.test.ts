import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { Session } from '@claude-projects/shared/contract';
import { randomId } from '../../src/common/ids.ts';
import { readConfiguration } from '../../src/config/configuration.ts';
import { type ApiFunction, createApiFunction } from '../../src/lambda/api-function.ts';
import { EDGE_HEADERS } from '../../src/lambda/gateway-event.ts';
import { Log } from '../../src/logging/log.ts';
import { EmbeddedMetrics } from '../../src/metrics/embedded-metrics.ts';
import { FakeClock, MINUTE, SECOND } from '../support/fake-clock.ts';
import { LogCapture } from '../support/log-capture.ts';
import { overriding } from '../support/overriding.ts';
import { openTestStorage, type TestStorage } from '../support/test-storage.ts';
import { context, fromReply, type GatewayReply, type SentRequest, toEvent } from './support/gateway.ts';

const EDGE_TOKEN = 'known-to-the-edge';

describe('the function behind the gateway', () => {
  const key = randomUUID();
  let clock: FakeClock;
  let opened: TestStorage;
  let capture: LogCapture;
  let lines: string[];
  let flushes: number;
  let api: ApiFunction;

  beforeEach(async () => {
    clock = new FakeClock();
    opened = await openTestStorage();
    capture = new LogCapture();
    lines = [];
    flushes = 0;
    const configuration = readConfiguration({ API_KEYS: key, LOG_LEVEL: 'debug' });
    const { history } = opened.storage;
    const storage = overriding(opened.storage, {
      history: overriding(history, {
        countHeartbeats: (...args) => {
          flushes += 1;
          return history.countHeartbeats(...args);
        },
      }),
    });
    const metrics = new EmbeddedMetrics({ write: (line: string) => lines.push(line) }, clock, undefined);
    api = await createApiFunction(
      {
        configuration: { ...configuration, scheduleJobs: false },
        clock,
        storage,
        metrics,
        makeId: randomId,
        log: new Log(configuration, capture),
      },
      EDGE_TOKEN,
    );
  });
  afterEach(async () => {
    await api.close();
    await opened.dispose();
  });

  async function ask(method: string, url: string, more: Partial<SentRequest> = {}): Promise<GatewayReply> {
    const headers = { 'x-api-key': key, 'content-type': 'application/json', ...more.headers };
    return fromReply(await api.handler(toEvent({ method, url, ...more, headers }), context));
  }

  async function sessionId(machine_id = 'machine'): Promise<string> {
    const body = JSON.stringify({ project_id: 'project', machine_id });
    const { status, text } = await ask('POST', '/api/sessions', { body });
    assert.equal(status, 201, text);
    return Session.parse(JSON.parse(text)).session_id;
  }

  it('answers, and tells browsers to come by TLS only', async () => {
    const { status, headers } = await ask('GET', '/health');
    assert.equal(status, 200);
    assert.equal(headers['strict-transport-security'], 'max-age=63072000');
  });

  it('compresses what is long, for who takes it so, and says 304 to who has it', async () => {
    const ids = new Set<string>();
    for (let machine = 0; machine < 12; machine += 1) ids.add(await sessionId(`machine-${machine}`));
    const list = (headers: Record<string, string>) => ask('GET', '/api/sessions', { headers });
    const plain = await list({});
    assert.deepEqual([plain.headers['content-encoding'], plain.headers['vary']], [undefined, 'Accept-Encoding']);
    for (const offered of ['gzip, deflate, br', 'br;q=1.0, GZIP;q=0.5', '*', '*;q=0, gzip']) {
      const packed = await list({ 'accept-encoding': offered });
      assert.equal(packed.headers['content-encoding'], 'gzip', offered);
      assert.equal(packed.headers['vary'], 'Accept-Encoding');
      assert.equal(packed.text, plain.text);
      assert.ok(packed.body.length * 4 < plain.body.length, `${packed.body.length} of ${plain.body.length}`);
      assert.equal(packed.headers['content-length'], String(packed.body.length));
    }
    for (const refused of ['identity', 'gzip;q=0', 'br, gzip; q=0.0', 'x-gzip-like', '*, gzip;q=0', '*;q=0']) {
      assert.equal((await list({ 'accept-encoding': refused })).headers['content-encoding'], undefined, refused);
    }
    const known = { 'if-none-match': plain.headers['etag'] ?? '', 'accept-encoding': 'gzip' };
    const unchanged = await list(known);
    assert.deepEqual([unchanged.status, unchanged.text], [304, '']);
  });

  it('leaves alone what is short', async () => {
    const { status, headers } = await ask('GET', '/health', { headers: { 'accept-encoding': 'gzip' } });
    assert.deepEqual([status, headers['content-encoding'], headers['vary']], [200, undefined, undefined]);
  });

  it('logs and limits by the address of the caller, whatever the caller says it is', async () => {
    const claims = {
      'x-api-key': randomUUID(),
      'x-forwarded-for': '198.51.100.9',
      [EDGE_HEADERS.viewer]: '198.51.100.8',
    };
    assert.equal((await ask('GET', '/api/sessions', { headers: claims, sourceIp: '203.0.113.7' })).status, 401);
    await ask('GET', '/api/sessions', { headers: { ...claims, [EDGE_HEADERS.token]: EDGE_TOKEN } });
    assert.deepEqual(
      capture.withMessage('Authentication failed').map(({ context }) => context['ip']),
      ['203.0.113.7', '198.51.100.8'],
    );
  });

  it('adds its counts of heartbeats to the history with the first reply of a minute, not with each', async () => {
    const beat = `/api/sessions/${await sessionId()}/heartbeat`;
    await ask('POST', beat);
    assert.equal(flushes, 0);
    clock.advance(MINUTE);
    await ask('GET', '/health');
    assert.equal(flushes, 1);
    await ask('POST', beat);
    clock.advance(59 * SECOND);
    await ask('GET', '/health');
    assert.equal(flushes, 1);
    clock.advance(SECOND);
    await ask('GET', '/health');
    assert.equal(flushes, 2);
  });

  it('writes its metrics as lines once they have gathered for a while', async () => {
    await ask('GET', '/health');
    assert.deepEqual(lines, []);
    clock.advance(10 * SECOND);
    await ask('GET', '/health');
    assert.equal(lines.length, 1);
    assert.match(lines[0] ?? '', /"requests":\{"GET \/health 200":2\}/);
  });

  it('fails on an event that is no request', async () => {
    await assert.rejects(api.handler({ Records: [] }, context), /no HTTP request in format 2\.0/);
  });
});
