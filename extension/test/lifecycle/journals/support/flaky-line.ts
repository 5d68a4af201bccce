import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface PassedOn {
  readonly line: string;
  readonly status: number;
  readonly body: string;
}

/**
 * Stands between the extension and the API: it can be cut, and it can lose the reply to a request that the API has
 * acted upon.
 */
export class FlakyLine {
  readonly #server: Server;
  readonly #target: string;
  /** Nothing gets through. */
  isCut = false;
  /** Whether the reply is lost, asked with how often this request was made before. */
  losesReply: (line: string, before: number) => boolean = () => false;
  readonly passedOn: PassedOn[] = [];

  constructor(target: string) {
    this.#target = target;
    this.#server = createServer((incoming, outgoing) => {
      if (this.isCut) return void incoming.socket.destroy();
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
      incoming.on('end', () => {
        const { method = '', url = '', headers } = incoming;
        const body = Buffer.concat(chunks);
        const line = `${method} ${url} ${body.toString('utf8')}`;
        const onward = request(this.#target + url, { method, headers }, (reply) => {
          const parts: Buffer[] = [];
          reply.on('data', (part: Buffer) => parts.push(part));
          reply.on('end', () => {
            const before = this.passedOn.filter((passed) => passed.line === line).length;
            const text = Buffer.concat(parts);
            this.passedOn.push({ line, status: reply.statusCode ?? 0, body: text.toString('utf8') });
            if (this.losesReply(line, before)) return void incoming.socket.destroy();
            outgoing.writeHead(reply.statusCode ?? 502, reply.headers);
            outgoing.end(text);
          });
        });
        onward.on('error', () => incoming.socket.destroy());
        onward.end(body);
      });
    });
  }

  async open(): Promise<string> {
    await new Promise<void>((done) => this.#server.listen(0, '127.0.0.1', done));
    return `http://127.0.0.1:${addressOf(this.#server).port}`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise<void>((done) => {
      this.#server.close(() => done());
    });
  }
}

function addressOf(server: Server): AddressInfo {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server does not listen');
  return address;
}
