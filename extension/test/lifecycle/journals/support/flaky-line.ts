import {
  type ClientRequest,
  createServer,
  type IncomingMessage,
  request,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

export interface PassedOn {
  readonly line: string;
  readonly status: number;
  readonly body: string;
}

/**
 * Stands between the extension and the API: it can be cut, it can hang, and it can lose the reply to a request that the
 * API has acted upon.
 */
export class FlakyLine {
  readonly #server: Server;
  readonly #target: string;
  /** Nothing gets through. */
  isCut = false;
  #hangs = false;
  readonly #hanging: { readonly outgoing: ServerResponse; readonly passOn: () => void }[] = [];
  /** Whether the reply is lost, asked with how often this request was made before. */
  losesReply: (line: string, before: number) => boolean = () => false;
  readonly passedOn: PassedOn[] = [];

  constructor(target: string) {
    this.#target = target;
    this.#server = createServer((incoming, outgoing) => {
      const passOn = () => void this.#passOn(incoming, outgoing).catch(() => incoming.socket.destroy());
      if (this.isCut) incoming.socket.destroy();
      else if (this.#hangs) this.#hanging.push({ outgoing, passOn });
      else passOn();
    });
  }

  /** How many requests came that wait here. */
  get hanging(): number {
    return this.#hanging.length;
  }

  /** Of those, how many nobody waits for any more. */
  get givenUp(): number {
    return this.#hanging.filter(({ outgoing }) => outgoing.destroyed).length;
  }

  /** What comes now waits here, without an answer, until it is let go. */
  hang(): void {
    this.#hangs = true;
  }

  letGo(): void {
    this.#hangs = false;
    for (const { passOn } of this.#hanging.splice(0)) passOn();
  }

  async open(): Promise<string> {
    await new Promise<void>((done) => this.#server.listen(0, '127.0.0.1', done));
    return `http://127.0.0.1:${addressOf(this.#server).port}`;
  }

  async #passOn(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const { method = '', url = '', headers } = incoming;
    const sent = await buffer(incoming);
    const line = `${method} ${url} ${sent.toString('utf8')}`;
    const onward = request(this.#target + url, { method, headers });
    onward.end(sent);
    const reply = await replyTo(onward);
    const { statusCode: status = 502 } = reply;
    const body = await buffer(reply);
    const before = this.passedOn.filter((passed) => passed.line === line).length;
    this.passedOn.push({ line, status, body: body.toString('utf8') });
    if (this.losesReply(line, before)) incoming.socket.destroy();
    else outgoing.writeHead(status, reply.headers).end(body);
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

function replyTo(sent: ClientRequest): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    sent.once('response', resolve).once('error', reject);
  });
}
