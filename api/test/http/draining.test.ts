import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { overriding } from '../support/overriding.ts';
import { startTestApi, type TestApi, type TestParts } from '../support/test-api.ts';

/** Written to the kernel at once: from here on it is the server's to answer. */
function send(socket: Socket, api: TestApi, path: string): void {
  socket.write(`GET ${path} HTTP/1.1\r\nHost: x\r\nX-API-Key: ${api.key}\r\n\r\n`);
}

async function nextReply(socket: Socket): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const closed = () => reject(new Error('the connection ended without a reply'));
  socket.once('data', (text) => resolve(String(text)));
  socket.once('error', reject);
  socket.once('close', closed);
  try {
    return await promise;
  } finally {
    socket.off('error', reject).off('close', closed);
  }
}

async function withIdleConnections(
  count: number,
  use: (api: TestApi, sockets: Socket[]) => Promise<void>,
  parts: TestParts = {},
): Promise<void> {
  const api = await startTestApi({}, parts);
  const port = Number(new URL(api.url).port);
  const sockets = Array.from({ length: count }, () => connect(port, '127.0.0.1').setEncoding('utf8'));
  try {
    for (const socket of sockets) {
      send(socket, api, '/health');
      await nextReply(socket);
    }
    await use(api, sockets);
  } finally {
    for (const socket of sockets) socket.destroy();
    await api.close();
  }
}

describe('a server that closes', () => {
  it('answers what has arrived and was not read yet, and says that the connection is over', async () => {
    await withIdleConnections(20, async (api, sockets) => {
      for (const socket of sockets) send(socket, api, '/api/sessions/none');
      // In the same turn of the event loop, so that the server cannot have read any of it.
      const closed = api.app.close();
      for (const reply of await Promise.all(sockets.map(nextReply))) {
        assert.match(reply, /^HTTP\/1\.1 404 [^]*connection: close[^]*SESSION_NOT_FOUND/i);
      }
      await closed;
    });
  });

  it('answers all whose connections wait to be accepted', async () => {
    await withIdleConnections(0, async (api) => {
      const port = Number(new URL(api.url).port);
      const sockets = Array.from({ length: 60 }, () => connect(port, '127.0.0.1').setEncoding('utf8'));
      for (const socket of sockets) send(socket, api, '/health');
      // In the same turn of the event loop, so that the server cannot have accepted any of them.
      const closed = api.app.close();
      for (const reply of await Promise.all(sockets.map(nextReply))) assert.match(reply, /^HTTP\/1\.1 200 /);
      await closed;
    });
  });

  it('answers what was under way', async () => {
    const { promise: answer, resolve } = Promise.withResolvers<null>();
    const { promise: asked, resolve: noteAsked } = Promise.withResolvers<void>();
    const get = () => {
      noteAsked();
      return answer;
    };
    await withIdleConnections(
      1,
      async (api, sockets) => {
        const [socket] = sockets;
        assert.ok(socket);
        send(socket, api, '/api/sessions/none');
        await asked;
        const closed = api.app.close();
        resolve(null);
        assert.match(await nextReply(socket), /^HTTP\/1\.1 404 /);
        await closed;
      },
      { decorate: (storage) => overriding(storage, { sessions: overriding(storage.sessions, { get }) }) },
    );
  });

  it('is not held up by a connection that never asked anything', async () => {
    await withIdleConnections(0, async (api) => {
      const socket = connect(Number(new URL(api.url).port), '127.0.0.1');
      const ended = once(socket, 'close');
      await once(socket, 'connect');
      await api.app.close();
      await ended;
    });
  });

  it('ends the connections that have nothing to do', async () => {
    await withIdleConnections(3, async (api, sockets) => {
      const ended = Promise.all(sockets.map((socket) => new Promise((resolve) => socket.once('close', resolve))));
      await api.app.close();
      await ended;
    });
  });
});
