import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';

export interface SeenRequest {
  method: string;
  url: string;
  headers: IncomingMessage['headers'];
  body: string;
  /** From a monotonic clock, in milliseconds. */
  at: number;
}

export type Step = (response: ServerResponse, request: SeenRequest) => void;

/**
 * A real HTTP server that does what its script says, step by step. It is strict: a request beyond the script, and a
 * step that no request asked for, fail the test in `verify`.
 */
export class FaultServer {
  readonly requests: SeenRequest[] = [];
  readonly #script: Step[] = [];
  readonly #unscripted: string[] = [];
  readonly #arrivals = new EventTarget();
  readonly #server = createServer((request, response) => void this.#answer(request, response));

  static async start(): Promise<FaultServer> {
    const server = new FaultServer();
    server.#server.listen(0, '127.0.0.1');
    await once(server.#server, 'listening');
    return server;
  }

  get url(): string {
    const address = this.#server.address();
    assert(address !== null && typeof address === 'object');
    return `http://127.0.0.1:${address.port}`;
  }

  script(...steps: Step[]): this {
    this.#script.push(...steps);
    return this;
  }

  /** The request with this number, from 0, as soon as it is there. */
  async arrived(index: number): Promise<SeenRequest> {
    for (;;) {
      const request = this.requests[index];
      if (request) return request;
      await once(this.#arrivals, 'request');
    }
  }

  verify(): void {
    assert.deepEqual(this.#unscripted, [], 'requests that no step of the script was left for');
    assert.equal(this.#script.length, 0, 'steps of the script that no request asked for');
  }

  async close(): Promise<void> {
    this.#server.close();
    this.#server.closeAllConnections();
    if (this.#server.listening) await once(this.#server, 'close');
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const at = performance.now();
    const { method = '', url = '', headers } = request;
    const seen = { method, url, headers, body: await text(request), at };
    this.requests.push(seen);
    this.#arrivals.dispatchEvent(new Event('request'));
    const step = this.#script.shift();
    if (step) {
      step(response, seen);
      return;
    }
    this.#unscripted.push(`${method} ${url}`);
    response.destroy();
  }
}
