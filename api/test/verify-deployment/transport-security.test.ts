import assert from 'node:assert/strict';
import type { VerifyOptions } from '../../../tools/verify-deployment/options.ts';
import { verifyDeployment } from '../../../tools/verify-deployment/verify-deployment.ts';
import { DAY } from '../support/fake-clock.ts';
import { startTestApi, type TestApi } from '../support/test-api.ts';
import { checkOf, idsOf, RUN_LIMIT_MS, sharedTime } from './support/verified-run.ts';

const HOST = 'state.example';
const GATEWAY = 'a1b2c3.execute-api.us-east-1.amazonaws.com';

interface Edge {
  readonly hsts?: string | undefined;
  readonly redirect?: () => Response;
  readonly certificateDays?: number;
  /** What a gateway tells pages, which ask by OPTIONS; undefined where there is no gateway. */
  readonly pages?: {
    readonly asked: Readonly<Record<string, string>>;
    readonly answered: Readonly<Record<string, string>>;
  };
}

const ANY_ORIGIN = { 'Access-Control-Allow-Origin': '*' };
const ALL_PAGES = {
  asked: {
    ...ANY_ORIGIN,
    'Access-Control-Allow-Methods': 'GET,POST,PUT,PATCH,DELETE,OPTIONS',
    'Access-Control-Allow-Headers': 'authorization,content-type,if-none-match,x-api-key',
  },
  answered: ANY_ORIGIN,
};

const toHttps = (location = `https://${HOST}/health`, status = 301) =>
  new Response(null, { status, headers: { Location: location } });

describe('verifying a server behind https://', function () {
  this.timeout(RUN_LIMIT_MS);
  let api: TestApi;
  before(async () => {
    api = await startTestApi();
  });
  after(() => api.close());

  /** The edge of a cloud: ends TLS in front of the real server. Any other address is a fault of the test. */
  const behind = ({ hsts, redirect = toHttps, pages }: Edge, host: string): typeof fetch => {
    return async (input, init) => {
      assert.ok(typeof input === 'string');
      const url = new URL(input);
      assert.equal(url.host, host);
      if (url.protocol === 'http:') {
        assert.equal(new Headers(init?.headers).get('Authorization'), null, 'the key went out in the clear');
        return redirect();
      }
      const ofGateway = { 'apigw-requestid': 'known-to-the-gateway' };
      if (pages && init?.method === 'OPTIONS') {
        return new Response(null, { status: 204, headers: { ...ofGateway, ...pages.asked } });
      }
      const reply = await fetch(api.url + url.pathname + url.search, init);
      const headers = new Headers(reply.headers);
      if (hsts !== undefined) headers.set('Strict-Transport-Security', hsts);
      for (const [name, value] of Object.entries(pages ? { ...ofGateway, ...pages.answered } : {}))
        headers.set(name, value);
      const body = await reply.arrayBuffer();
      return new Response(body.byteLength === 0 ? null : body, { status: reply.status, headers });
    };
  };

  const verify = (edge: Edge, more: Partial<VerifyOptions> = {}, host = HOST) =>
    verifyDeployment({
      url: `https://${host}`,
      key: api.key,
      time: sharedTime(api),
      fetch: behind({ hsts: 'max-age=63072000', ...edge }, host),
      certificateEnd: async (url) => {
        assert.equal(url.host, host);
        return new Date(api.clock.now().getTime() + (edge.certificateDays ?? 200) * DAY);
      },
      heartbeats: 10,
      stall: 'skip',
      pulse: 'skip',
      ...more,
    });

  it('finds it well', async () => {
    const report = await verify({});
    assert.deepEqual(idsOf(report, 'failed'), []);
    assert.deepEqual(idsOf(report, 'not-verified'), ['silence', 'cors', 'pulse', 'stall', 'endurance']);
    assert.equal(checkOf(report, 'http-redirect').detail, 'status 301');
  });

  it('finds a gateway well that lets pages call', async () => {
    const report = await verify({ pages: ALL_PAGES });
    assert.deepEqual(idsOf(report, 'failed'), []);
    assert.equal(checkOf(report, 'cors').outcome, 'passed');
  });

  const faults: readonly [string, Edge, string, RegExp][] = [
    [
      'pages that may not change anything',
      { pages: { ...ALL_PAGES, asked: { ...ALL_PAGES.asked, 'Access-Control-Allow-Methods': 'GET' } } },
      'cors',
      /^Access-Control-Allow-Methods is "GET", without PATCH$/,
    ],
    [
      'pages that may not send their key',
      { pages: { ...ALL_PAGES, asked: { ...ALL_PAGES.asked, 'Access-Control-Allow-Headers': 'Content-Type' } } },
      'cors',
      /^Access-Control-Allow-Headers is "Content-Type", without x-api-key$/,
    ],
    [
      'pages that may ask and not read the reply',
      { pages: { ...ALL_PAGES, answered: {} } },
      'cors',
      /^Access-Control-Allow-Origin is "", without vscode-webview:/,
    ],
    ['no HSTS', { hsts: undefined }, 'hsts', /^the header is missing from GET \/health \(status 200\)$/],
    [
      'a certificate of 30 days',
      { certificateDays: 30 },
      'certificate',
      /^it holds until \d{4}-\d\d-\d\d only: for 30 days$/,
    ],
    ['HSTS of a day', { hsts: 'max-age=86400' }, 'hsts', /holds for less than half a year$/],
    ['HSTS without an age', { hsts: 'includeSubDomains' }, 'hsts', /holds for less than half a year$/],
    ['http:// served', { redirect: () => new Response('{}') }, 'http-redirect', /status 200, not a redirect$/],
    ['http:// to http://', { redirect: () => toHttps(`http://${HOST}/`) }, 'http-redirect', /redirects to "http:/],
    ['http:// elsewhere', { redirect: () => toHttps('https://a.example/') }, 'http-redirect', /not to https:\/\/state/],
    ['http:// to nowhere', { redirect: () => toHttps('') }, 'http-redirect', /redirects to ""/],
  ];
  for (const [name, edge, id, reason] of faults) {
    it(`finds: ${name}`, async () => {
      const report = await verify(edge);
      assert.deepEqual(idsOf(report, 'failed'), [id]);
      assert.match(checkOf(report, id).detail ?? '', reason);
    });
  }

  it('leaves http:// alone if told so', async () => {
    const never = () => assert.fail('http:// was asked');
    const report = await verify({ redirect: never }, { redirect: 'skip' });
    assert.deepEqual(idsOf(report, 'failed'), []);
    assert.equal(checkOf(report, 'http-redirect').detail, 'left out on request');
  });

  it('leaves http:// alone behind a gateway of AWS, which has nothing there, and says so', async () => {
    const never = () => assert.fail('http:// was asked');
    const report = await verify({ redirect: never }, {}, GATEWAY);
    assert.deepEqual(idsOf(report, 'failed'), []);
    assert.equal(checkOf(report, 'http-redirect').detail, 'a gateway of AWS has nothing on http://');
  });

  it('takes a closed port 80 for what it is', async () => {
    const closed = () => {
      throw new TypeError('fetch failed', { cause: Object.assign(new Error(), { code: 'ECONNREFUSED' }) });
    };
    const report = await verify({ redirect: closed });
    assert.deepEqual(idsOf(report, 'failed'), ['http-redirect']);
    assert.match(checkOf(report, 'http-redirect').detail ?? '', /^http:\/\/state\.example could not be reached/);
  });
});
