import type { Socket } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';

/** Enough to accept a connection, to read what it brought, and to have that in the hands of a route. */
const TURNS = 3;
/** As many connections as the system keeps for a server that does not say how many: more were not waiting. */
const BACKLOG = 511;

/**
 * Lets a server that closes answer everybody who asked in time. Node's own `close` destroys connections without a
 * request the moment it stops listening, and one whose request has arrived but was not read yet looks just like
 * that: its caller would see a reset instead of a reply.
 */
export function addDraining(fastify: FastifyInstance): void {
  let closing = false;
  const { server } = fastify;
  const closeIdleConnections = server.closeIdleConnections.bind(server);
  const connections = new Set<Socket>();
  let accepted = 0;
  server.on('connection', (socket: Socket) => {
    accepted += 1;
    connections.add(socket);
    socket.once('close', () => connections.delete(socket));
  });
  /** Node accepts one connection a turn: until nobody was waiting any more, or only those can be who came since. */
  const acceptWaiting = async () => {
    for (let turned = 0; turned < BACKLOG; turned += TURNS) {
      const before = accepted;
      await turns();
      if (accepted === before) return;
    }
  };
  const closeUnused = async () => {
    await turns();
    closeIdleConnections();
    // To Node these are not idle but about to ask: it would wait a minute for them.
    for (const socket of connections) if (socket.bytesRead === 0) socket.destroy();
  };
  server.closeIdleConnections = () => void closeUnused();
  fastify.addHook('preClose', async () => {
    closing = true;
    // Whoever waits to be accepted gets in, because a closed listener would turn him away.
    await acceptWaiting();
  });
  fastify.addHook('onSend', (_request, reply, payload, done) => {
    // A connection that is kept alive would hold the process up.
    if (closing) void reply.header('Connection', 'close');
    done(null, payload);
  });
}

/** Turns of the event loop, each of which reads what has arrived by then. */
async function turns(): Promise<void> {
  for (let turn = 0; turn < TURNS; turn++) await nextTurn();
}
