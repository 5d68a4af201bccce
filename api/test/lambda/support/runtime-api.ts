import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { LambdaError } from './lambda-error.ts';

interface Call {
  readonly id: string;
  readonly event: unknown;
  readonly deadline: number;
  readonly answered: (value: unknown) => void;
  readonly failed: (error: Error) => void;
}

const PREFIX = '/2018-06-01/runtime';

/**
 * The server that a function's runtime asks for its next event, as it is documented for custom runtimes. One runtime,
 * one event at a time, like one instance of a function.
 */
export class RuntimeApi implements AsyncDisposable {
  readonly #server: Server;
  readonly #waiting: Call[] = [];
  readonly #underWay = new Map<string, Call>();
  #idleRuntime: ServerResponse | undefined;
  #initError: Error | undefined;

  private constructor(server: Server) {
    this.#server = server;
  }

  static async start(): Promise<RuntimeApi> {
    const server = createServer();
    const api = new RuntimeApi(server);
    server.on('request', (request, response) => void api.#serve(request, response));
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    return api;
  }

  get address(): string {
    const address = this.#server.address();
    if (typeof address !== 'object' || address === null) throw new Error('the runtime API does not listen');
    return `127.0.0.1:${address.port}`;
  }

  get initError(): Error | undefined {
    return this.#initError;
  }

  invoke(event: unknown, limitMs: number): Promise<unknown> {
    return new Promise((answered, failed) => {
      const call: Call = { id: randomUUID(), event, deadline: Date.now() + limitMs, answered, failed };
      if (this.#idleRuntime) this.#handOver(call, this.#idleRuntime);
      else this.#waiting.push(call);
    });
  }

  /** The runtime is gone: nobody will answer what it had, nor what waits for it. */
  failAll(error: Error): void {
    this.#idleRuntime = undefined;
    for (const call of [...this.#underWay.values(), ...this.#waiting.splice(0)]) call.failed(error);
    this.#underWay.clear();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((closed) => this.#server.close(closed));
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = request.url?.slice(PREFIX.length) ?? '';
    if (path === '/invocation/next') {
      const call = this.#waiting.shift();
      if (call) this.#handOver(call, response);
      else this.#idleRuntime = response;
      return;
    }
    const body = await bodyOf(request);
    const [, id = '', outcome] = /^\/invocation\/([^/]+)\/(response|error)$/.exec(path) ?? [];
    if (path === '/init/error') {
      this.#initError = LambdaError.of(body);
      this.failAll(this.#initError);
    }
    const call = this.#underWay.get(id);
    this.#underWay.delete(id);
    if (outcome === 'error') call?.failed(LambdaError.of(body));
    else call?.answered(body);
    response.writeHead(202).end('{}');
  }

  #handOver(call: Call, response: ServerResponse): void {
    this.#idleRuntime = undefined;
    this.#underWay.set(call.id, call);
    response.writeHead(200, {
      'content-type': 'application/json',
      'lambda-runtime-aws-request-id': call.id,
      'lambda-runtime-deadline-ms': String(call.deadline),
      'lambda-runtime-trace-id': 'Root=1-0-0',
      'lambda-runtime-invoked-function-arn': 'arn:aws:lambda:us-east-1:123456789012:function:emulated',
    });
    response.end(JSON.stringify(call.event));
  }
}

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  let text = '';
  for await (const part of request.setEncoding('utf8')) text += String(part);
  return text === '' ? undefined : JSON.parse(text);
}
