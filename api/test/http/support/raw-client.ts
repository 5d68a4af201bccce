import { Agent, type IncomingMessage, request } from 'node:http';
import { connect } from 'node:net';

export interface RawRequest {
  method: string;
  /** Sent as it is: nothing normalises dots, escapes or operators on the way. */
  path: string;
  headers?: Record<string, string>;
  body?: Buffer | string | undefined;
}

export interface RawReply {
  status: number;
  headers: IncomingMessage['headers'];
  text: string;
}

/** Sends requests as they are written, where `fetch` would mend or refuse them first. */
export class RawClient {
  readonly #url: URL;
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 4 });

  constructor(url: string) {
    this.#url = new URL(url);
  }

  send({ method, path, headers = {}, body }: RawRequest): Promise<RawReply> {
    const bytes = Buffer.from(body ?? '');
    const length = body === undefined ? {} : { 'Content-Length': String(bytes.length) };
    return new Promise((resolve, reject) => {
      const sent = request(
        { ...this.#target(), agent: this.#agent, method, path, headers: { ...length, ...headers } },
        (reply) => resolve(readReply(reply)),
      );
      sent.on('error', reject);
      sent.end(bytes);
    });
  }

  /** Announces a body of this length and sends its beginning only: who refuses it need not read it. */
  announce({ method, path, headers = {} }: Omit<RawRequest, 'body'>, length: number): Promise<RawReply> {
    return new Promise((resolve, reject) => {
      const sent = request(
        { ...this.#target(), agent: false, method, path, headers: { 'Content-Length': String(length), ...headers } },
        (reply) => resolve(readReply(reply)),
      );
      sent.on('error', reject);
      sent.write('{"project_id":"');
    });
  }

  /** Sends a body in chunks, without saying how long it will be, until all is sent or a reply is there. */
  sendChunked({ method, path, headers = {} }: Omit<RawRequest, 'body'>, chunks: readonly Buffer[]): Promise<RawReply> {
    return new Promise((resolve, reject) => {
      let answered = false;
      const sent = request(
        { ...this.#target(), agent: false, method, path, headers: { 'Transfer-Encoding': 'chunked', ...headers } },
        (reply) => {
          answered = true;
          resolve(readReply(reply));
        },
      );
      sent.on('error', reject);
      const sendFrom = (index: number) => {
        const chunk = chunks[index];
        if (answered) return;
        if (chunk === undefined) sent.end();
        else sent.write(chunk, () => sendFrom(index + 1));
      };
      sendFrom(0);
    });
  }

  /** Sends these very bytes, and gives back all that comes until the other side closes. */
  sendBytes(bytes: Buffer | string): Promise<string> {
    return new Promise((resolve, reject) => {
      const { hostname, port } = this.#url;
      const socket = connect(Number(port), hostname);
      let received = '';
      socket.setEncoding('utf8');
      socket.on('data', (text: string) => {
        received += text;
      });
      socket.on('close', () => resolve(received));
      socket.on('error', reject);
      socket.write(bytes);
    });
  }

  close(): void {
    this.#agent.destroy();
  }

  #target(): { host: string; port: string } {
    return { host: this.#url.hostname, port: this.#url.port };
  }
}

/** Splits what `sendBytes` received. */
export function parseReply(received: string): RawReply {
  const [head = '', text = ''] = received.split('\r\n\r\n', 2);
  const [statusLine = '', ...lines] = head.split('\r\n');
  const headers: Record<string, string> = {};
  for (const line of lines) {
    const colon = line.indexOf(':');
    headers[line.slice(0, colon).toLowerCase()] = line.slice(colon + 1).trim();
  }
  return { status: Number(statusLine.split(' ')[1]), headers, text };
}

async function readReply(reply: IncomingMessage): Promise<RawReply> {
  const chunks: Buffer[] = [];
  for await (const chunk of reply) {
    if (Buffer.isBuffer(chunk)) chunks.push(chunk);
  }
  return { status: reply.statusCode ?? 0, headers: reply.headers, text: Buffer.concat(chunks).toString('utf8') };
}
