import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface ProxiedRequest {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface ProxiedReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export type Forward = (request: ProxiedRequest) => Promise<ProxiedReply>;

/** What goes wrong on the way. One that always forwards does nothing. */
export type Fault = (request: ProxiedRequest, forward: Forward) => Promise<ProxiedReply>;

/** Of one connection; a proxy must not hand them on. */
const HOP_BY_HOP = ['connection', 'keep-alive', 'transfer-encoding', 'content-length', 'host', 'accept-encoding'];

/** A server in front of another, with a fault in it. */
export class FaultyProxy implements AsyncDisposable {
  readonly #server = createServer();
  readonly #target: string;
  readonly #fault: Fault;
  /** Of the test itself: what a fault was to do and could not. */
  readonly #mistakes: unknown[] = [];

  private constructor(target: string, fault: Fault) {
    this.#target = target;
    this.#fault = fault;
    this.#server.on('request', (request, response) => {
      this.#answer(request, response).catch((mistake: unknown) => {
        this.#mistakes.push(mistake);
        response.destroy();
      });
    });
  }

  static async start(target: string, fault: Fault): Promise<FaultyProxy> {
    const proxy = new FaultyProxy(target, fault);
    proxy.#server.listen(0, '127.0.0.1');
    await once(proxy.#server, 'listening');
    return proxy;
  }

  get url(): string {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a server that listens on a port says so like this
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
    if (this.#mistakes.length > 0) throw this.#mistakes[0];
  }

  async #answer(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const request = {
      method: incoming.method ?? 'GET',
      path: incoming.url ?? '/',
      headers: textHeaders(Object.entries(incoming.headers)),
      body: (await incoming.setEncoding('utf8').toArray()).join(''),
    };
    const reply = await this.#fault(request, (changed) => this.#forward(changed));
    response.writeHead(reply.status, reply.headers).end(reply.body);
  }

  async #forward({ method, path, headers, body }: ProxiedRequest): Promise<ProxiedReply> {
    const init = { method, headers, redirect: 'manual' as const };
    const reply = await fetch(this.#target + path, body === '' ? init : { ...init, body });
    return { status: reply.status, headers: textHeaders([...reply.headers]), body: await reply.text() };
  }
}

function textHeaders(headers: readonly (readonly [string, string | readonly string[] | undefined])[]) {
  return Object.fromEntries(
    headers.filter(
      (header): header is [string, string] => typeof header[1] === 'string' && !HOP_BY_HOP.includes(header[0]),
    ),
  );
}
