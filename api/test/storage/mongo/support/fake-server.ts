import { createServer, type Socket } from 'node:net';
import mongoose from 'mongoose';

const { BSON } = mongoose.mongo;

const HEADER_BYTES = 16;
const OP_REPLY = 1;
const OP_QUERY = 2004;
const OP_MSG = 2013;

/** Speaks just enough of the wire protocol to say `reply` to every command. Whoever starts it closes it. */
export async function startFakeServer(reply: object): Promise<{ port: number; close: () => Promise<void> }> {
  const sockets = new Set<Socket>();
  const document = BSON.serialize({ ...reply, ok: 1 });
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    let received = Buffer.alloc(0);
    socket.on('data', (chunk) => {
      received = Buffer.concat([received, chunk]);
      while (received.length >= HEADER_BYTES && received.length >= received.readInt32LE(0)) {
        socket.write(answer(received, document));
        received = received.subarray(received.readInt32LE(0));
      }
    });
  });
  const { promise: listening, resolve } = Promise.withResolvers<void>();
  server.listen(0, '127.0.0.1', resolve);
  await listening;
  const address = server.address();
  return {
    port: typeof address === 'object' && address ? address.port : 0,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      const { promise: closed, resolve: done } = Promise.withResolvers<void>();
      server.close(() => done());
      await closed;
    },
  };
}

/** The first message of a connection comes in the protocol's old form and is answered in it. */
function answer(request: Buffer, document: Uint8Array): Buffer {
  const isOld = request.readInt32LE(12) === OP_QUERY;
  const preamble = isOld ? Buffer.alloc(20) : Buffer.alloc(5);
  if (isOld) preamble.writeInt32LE(1, 16);
  const header = Buffer.alloc(HEADER_BYTES);
  header.writeInt32LE(HEADER_BYTES + preamble.length + document.length, 0);
  header.writeInt32LE(request.readInt32LE(4), 8);
  header.writeInt32LE(isOld ? OP_REPLY : OP_MSG, 12);
  return Buffer.concat([header, preamble, document]);
}
