import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { Traffic } from './traffic.ts';

export interface Proxy {
  port: number;
  /** Drops all connections and takes no more: the server is gone, as far as anybody can see. */
  cut: () => Promise<void>;
  /** Keeps all connections and takes more, and lets nothing through. */
  hang: () => void;
  /** Lets each piece of data through so much later. */
  slow: (milliseconds: number) => void;
  /** Resets all connections there are; those that come after it work. */
  reset: () => void;
  /** Resets all connections, and each that comes, until it is told otherwise. */
  refuse: () => void;
  /** As in the beginning, on the same port. What hung goes on. */
  restore: () => Promise<void>;
}

/** Stands between the storage and its server, so that a test can part them. Whoever starts it cuts it. */
export async function startProxy(host: string, port: number): Promise<Proxy> {
  const sockets = new Set<Socket>();
  const traffic = new Traffic();
  let isRefusing = false;
  const server = createServer((near) => {
    if (isRefusing) {
      near.resetAndDestroy();
      return;
    }
    const far = connect(port, host);
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(from);
      from.on('error', () => from.destroy());
      from.on('close', () => {
        sockets.delete(from);
        to.destroy();
      });
      from.pipe(traffic.gate()).pipe(to);
    }
  });
  const ownPort = await listen(server, 0);
  const reset = () => {
    for (const socket of sockets) socket.resetAndDestroy();
  };
  return {
    port: ownPort,
    cut: async () => {
      traffic.flow();
      if (!server.listening) return;
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
    hang: () => traffic.hang(),
    slow: (milliseconds) => traffic.slow(milliseconds),
    reset,
    refuse: () => {
      isRefusing = true;
      reset();
    },
    restore: async () => {
      isRefusing = false;
      traffic.flow();
      if (!server.listening) await listen(server, ownPort);
    },
  };
}

async function listen(server: Server, port: number): Promise<number> {
  const listening = once(server, 'listening');
  server.listen(port, '127.0.0.1');
  await listening;
  const address = server.address();
  return typeof address === 'object' && address ? address.port : 0;
}
