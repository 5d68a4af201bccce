import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { FunctionInstance } from './function-instance.ts';
import { fromReply, type GatewayReply, toEvent } from './gateway.ts';

/** Stands where API Gateway does: a server each of whose requests becomes an event of the function. */
export class HttpFront implements AsyncDisposable {
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
  }

  static async start(instance: FunctionInstance): Promise<HttpFront> {
    const server = createServer((request, response) => void serve(instance, request, response));
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    return new HttpFront(server);
  }

  get url(): string {
    const address = this.#server.address();
    if (typeof address !== 'object' || address === null) throw new Error('the front does not listen');
    return `http://127.0.0.1:${address.port}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((closed) => this.#server.close(closed));
  }
}

async function serve(instance: FunctionInstance, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { status, headers, body } = await answerOf(instance, request);
  response.writeHead(status, headers).end(body);
}

/** The gateway's own 500 where the function failed; the function's log has the reason. */
async function answerOf(instance: FunctionInstance, request: IncomingMessage): Promise<GatewayReply> {
  const headers: Record<string, string> = {};
  for (const [name, values] of Object.entries(request.headersDistinct)) headers[name] = values?.join(',') ?? '';
  try {
    const body = await bodyOf(request);
    const { method = 'GET', url = '/' } = request;
    return fromReply(await instance.invoke(toEvent({ method, url, headers, ...(body !== '' && { body }) })));
  } catch {
    return fromReply({
      statusCode: 500,
      headers: { 'content-type': 'application/json' },
      body: '{"message":"Internal Server Error"}',
    });
  }
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const part of request.setEncoding('utf8')) text += String(part);
  return text;
}
