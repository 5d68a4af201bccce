import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { Report } from '../../../tools/verify-deployment/report.ts';
import { verifyDeployment } from '../../../tools/verify-deployment/verify-deployment.ts';
import { startTestApi, type TestApi } from '../support/test-api.ts';
import type { Fault } from './support/faulty-proxy.ts';
import { assertNothingLeft, checkOf, idsOf, RUN_LIMIT_MS, verifyThrough } from './support/verified-run.ts';

/** One check says what is wrong, and no other claims to know anything. */
function assertStoppedAt(report: Report, id: string, reason: RegExp): void {
  assert.equal(report.passed, false);
  assert.deepEqual(idsOf(report, 'failed'), [id]);
  assert.match(checkOf(report, id).detail ?? '', reason);
  const after = report.checks.slice(report.checks.findIndex((check) => check.id === id) + 1);
  assert.ok(after.length > 10);
  for (const check of after) {
    assert.equal(check.outcome, 'not-verified');
    assert.equal(check.detail, `nothing can be verified while "${id}" fails`);
  }
}

describe('verifying what cannot be verified', function () {
  this.timeout(RUN_LIMIT_MS);
  let api: TestApi;
  before(async () => {
    api = await startTestApi();
  });
  after(() => api.close());

  const verify = (url: string, key = randomUUID()) => verifyDeployment({ url, key });

  it('an address where nothing listens', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    server.close();
    await once(server, 'close');
    assert.ok(typeof address === 'object' && address !== null);
    const report = await verify(`http://127.0.0.1:${address.port}`);
    assertStoppedAt(report, 'service', /^http:\/\/127\.0\.0\.1:\d+ could not be reached: nothing listens there$/);
  });

  it('a name that nobody knows', async () => {
    const report = await verify('http://nobody.invalid');
    assertStoppedAt(report, 'service', /^http:\/\/nobody\.invalid could not be reached: (no such host|the name could)/);
  });

  it('a server that never answers', async () => {
    const sockets = new Set<{ destroy(): void }>();
    const silent = createServer((socket) => sockets.add(socket)).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const address = silent.address();
    assert.ok(typeof address === 'object' && address !== null);
    const url = `http://127.0.0.1:${address.port}`;
    const report = await verifyDeployment({ url, key: randomUUID(), timeoutMs: 50 });
    for (const socket of sockets) socket.destroy();
    silent.close();
    assertStoppedAt(report, 'service', /^http:\S+ gave no complete reply within 50 ms$/);
  });

  it('a server that does not speak TLS', async () => {
    const report = await verify(api.url.replace('http:', 'https:'));
    assertStoppedAt(report, 'service', /could not be reached: .*(TLS|SSL|connection)/);
  });

  const strangers: Readonly<Record<string, [Fault, RegExp]>> = {
    'a stranger': [
      async () => ({ status: 200, headers: { 'content-type': 'text/html' }, body: '<h1>Welcome</h1>' }),
      /is no Claude Projects API: is the URL right\?$/,
    ],
    'a redirect': [
      async () => ({ status: 301, headers: { location: 'https://elsewhere.example/health' }, body: '' }),
      /^it redirects to https:\/\/elsewhere\.example\/health: verify that address instead$/,
    ],
    'a path too much': [async (request, forward) => forward({ ...request, path: `/v2${request.path}` }), /status 404$/],
    'a gateway with nothing behind it': [async () => ({ status: 502, headers: {}, body: '' }), /status 502$/],
  };
  for (const [name, [fault, reason]] of Object.entries(strangers)) {
    it(name, async () => assertStoppedAt(await verifyThrough(api, fault), 'service', reason));
  }

  it('anything, with a key that the server does not know', async () => {
    assertStoppedAt(await verify(api.url), 'key', /^the service does not know this key \(sent as Authorization\)$/);
    await assertNothingLeft(api);
  });

  it('more, once it was interrupted', async () => {
    for (const last of ['service', 'silence', 'machines', 'health-latency']) {
      const interruption = new AbortController();
      const report = await verifyThrough(api, (request, forward) => forward(request), {
        signal: interruption.signal,
        onCheck: ({ id }) => (id === last ? interruption.abort() : undefined),
      });
      assert.equal(report.passed, false);
      const after = report.checks.slice(report.checks.findIndex(({ id }) => id === last) + 1);
      assert.ok(after.filter(({ id }) => id !== 'removal').every(({ detail }) => detail === 'interrupted'));
      assert.deepEqual(idsOf(report, 'failed'), []);
      await assertNothingLeft(api);
    }
  });

  it('more, once a listener threw', async () => {
    const onCheck = ({ id }: { id: string }) => {
      if (id === 'machines') throw new Error('the listener broke');
    };
    const failing = verifyThrough(api, (request, forward) => forward(request), { onCheck });
    await assert.rejects(failing, /the listener broke/);
    await assertNothingLeft(api);
  });

  it('more, once it was interrupted within a check', async () => {
    const interruption = new AbortController();
    let creates = 0;
    const report = await verifyThrough(
      api,
      (request, forward) => {
        if (request.method === 'POST' && request.path === '/api/sessions' && ++creates === 8) interruption.abort();
        return forward(request);
      },
      { signal: interruption.signal },
    );
    assert.deepEqual(idsOf(report, 'failed'), []);
    assert.equal(checkOf(report, 'removal').outcome, 'passed');
    await assertNothingLeft(api);
  });
});
