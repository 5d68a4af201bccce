import { connect, createServer, type Socket } from 'node:net';

export interface Proxy {
  port: number;
  /** Drops all connections and takes no more: the server is gone, as far as anybody can see. */
  cut: () => Promise<void>;
}

/** Stands between the storage and its server, so that a test can part them. Whoever starts it cuts it. */
export async function startProxy(host: string, port: number): Promise<Proxy> {
  const sockets = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect(port, host);
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on('error', () => socket.destroy());
      socket.on('close', () => {
        near.destroy();
        far.destroy();
      });
    }
    near.pipe(far);
    far.pipe(near);
  });
  const { promise: listening, resolve } = Promise.withResolvers<void>();
  server.listen(0, '127.0.0.1', resolve);
  await listening;
  const address = server.address();
  return {
    port: typeof address === 'object' && address ? address.port : 0,
    cut: async () => {
      if (!server.listening) return;
      const { promise: closed, resolve: done } = Promise.withResolvers<void>();
      server.close(() => done());
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
