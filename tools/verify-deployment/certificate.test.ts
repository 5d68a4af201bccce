import assert from 'node:assert/strict';
import { createPrivateKey } from 'node:crypto';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { readCertificateEnd } from './certificate.ts';
import { NoReplyError } from './failures.ts';

/** For the name localhost, until October 2126; known to nobody but this test. */
const CERTIFICATE = `-----BEGIN CERTIFICATE-----
MIIBnDCCAUGgAwIBAgIURdYzFO4rebIWaPw92WR7c2prMYYwCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyMTEwMTgwOFoYDzIxMjYxMDI4
MTAxODA4WjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAARmVWHnQH4Y1tjkbcrRVpr62Dt7LtC0AU4/qQBf17GDkdv1PFicbqgw
D+ynCpKvV2T8Gk9arJLe49vNkmrftu03o28wbTAdBgNVHQ4EFgQUZ3XgwKD+BvOL
T1YBBu3xrx5cSG4wHwYDVR0jBBgwFoAUZ3XgwKD+BvOLT1YBBu3xrx5cSG4wDwYD
VR0TAQH/BAUwAwEB/zAaBgNVHREEEzARgglsb2NhbGhvc3SHBH8AAAEwCgYIKoZI
zj0EAwIDSQAwRgIhAP917VXzJWAwDRKCf9hqG/uUJndqwLYuIjFqymKnuFJdAiEA
2gRN8fnag40E5kGzScoT0Xc9mWYfT5k9pyp9LCy8t3Y=
-----END CERTIFICATE-----`;
const KEY = {
  kty: 'EC',
  crv: 'P-256',
  x: 'ZlVh50B-GNbY5G3K0Vaa-tg7ey7QtAFOP6kAX9exg5E',
  y: '2_U8WJxuqDAP7KcKkq9XZPwaT1qskt7j282Sat-27Tc',
  d: '0CxPLuqDEPQst8j9UptuL1Fcrm7SuoHuEcHxZ6g1888',
};

const trust = { ca: CERTIFICATE };

describe('the end of a certificate', () => {
  const servers: Server[] = [];
  const sockets = new Set<Socket>();
  afterEach(() => {
    for (const socket of sockets) socket.destroy();
    for (const server of servers.splice(0)) server.close();
  });

  async function listening(server: Server, host = 'localhost'): Promise<URL> {
    servers.push(server);
    server.on('connection', (socket: Socket) => sockets.add(socket.on('error', () => undefined)));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a server that listens on a port says so like this
    return new URL(`https://${host}:${(server.address() as AddressInfo).port}`);
  }

  const tlsServer = () =>
    createTlsServer({
      cert: CERTIFICATE,
      key: createPrivateKey({ key: KEY, format: 'jwk' }).export({ type: 'pkcs8', format: 'pem' }),
    });

  const code = (expected: string) => (error: unknown) => error instanceof NoReplyError && error.code === expected;

  it('is read, by name and by address', async () => {
    for (const host of ['localhost', '127.0.0.1']) {
      const end = await readCertificateEnd(await listening(tlsServer(), host), 60_000, trust);
      assert.equal(end.toISOString(), '2126-10-28T10:18:08.000Z');
    }
  });

  it('is not that of a server that nobody vouches for', async () => {
    await assert.rejects(readCertificateEnd(await listening(tlsServer()), 60_000), code('DEPTH_ZERO_SELF_SIGNED_CERT'));
  });

  it('is not that of another name', async () => {
    const url = await listening(tlsServer(), 'other.example');
    const refused = readCertificateEnd(url, 60_000, { ...trust, host: '127.0.0.1' });
    await assert.rejects(refused, code('ERR_TLS_CERT_ALTNAME_INVALID'));
  });

  it('is not known of a server that does not speak TLS, nor of one that says nothing', async () => {
    const plain = createServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
    await assert.rejects(readCertificateEnd(await listening(plain), 60_000, trust), NoReplyError);
    await assert.rejects(readCertificateEnd(await listening(createServer()), 50, trust), code('TIMEOUT'));
  });
});
