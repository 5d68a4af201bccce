import assert from 'node:assert/strict';
import { EDGE_HEADERS, readGatewayEvent, toRequest } from '../../src/lambda/gateway-event.ts';
import { toEvent } from './support/gateway.ts';

const TOKEN = 'known-to-the-edge';
const viewer = { [EDGE_HEADERS.viewer]: '198.51.100.1' };

function requestOf(url: string, headers: Record<string, string> = {}, edgeToken?: string) {
  return toRequest(readGatewayEvent(toEvent({ method: 'GET', url, headers, sourceIp: '203.0.113.7' })), edgeToken);
}
const addressOf = (request: ReturnType<typeof toRequest>) => request.requestContext.http.sourceIp;

describe('an event of the gateway', () => {
  it('becomes a request whose query is as the caller wrote it', () => {
    assert.equal(requestOf('/api/sessions?a=1&a=2&b=x%2Cy').rawPath, '/api/sessions?a=1&a=2&b=x%2Cy');
  });

  it('gets no question mark where it has no query', () => {
    assert.equal(requestOf('/health').rawPath, '/health');
  });

  it('keeps what the gateway decoded from ending the path', () => {
    assert.equal(requestOf('/api/machines/a%3Fb%23c%25d').rawPath, '/api/machines/a%3Fb%23c%25d');
  });

  it('comes from the address that the gateway saw', () => {
    assert.equal(addressOf(requestOf('/health', { 'x-forwarded-for': '198.51.100.9' })), '203.0.113.7');
  });

  it('comes from the address that the edge saw, where the edge proves to be it', () => {
    assert.equal(addressOf(requestOf('/health', { ...viewer, [EDGE_HEADERS.token]: TOKEN }, TOKEN)), '198.51.100.1');
  });

  for (const [who, headers, edgeToken] of [
    ['without a token', viewer, TOKEN],
    ['with a wrong token', { ...viewer, [EDGE_HEADERS.token]: 'guessed' }, TOKEN],
    ['where there is no edge', { ...viewer, [EDGE_HEADERS.token]: '' }, undefined],
  ] as const) {
    it(`cannot say where it comes from ${who}`, () => {
      assert.equal(addressOf(requestOf('/health', headers, edgeToken)), '203.0.113.7');
    });
  }

  it('hands on no header that the edge and the function share', () => {
    const { headers } = requestOf('/health', { ...viewer, [EDGE_HEADERS.token]: TOKEN }, TOKEN);
    assert.deepEqual(
      Object.values(EDGE_HEADERS).filter((name) => name in headers),
      [],
    );
  });

  it('is refused by the names of what is wrong with it, not its values', () => {
    assert.throws(
      () =>
        readGatewayEvent({ version: '2.0', rawPath: '/', rawQueryString: '', headers: { cookie: 1 }, body: 'secret' }),
      (error: Error) => error.message.endsWith('look at: headers.cookie, requestContext, isBase64Encoded'),
    );
    assert.throws(() => readGatewayEvent(undefined), /format 2\.0 of API Gateway; look at: it$/);
  });
});
