import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { liveApi } from './live-api.ts';

export interface RefusingApi extends AsyncDisposable {
  readonly url: string;
  /** As in `POST /api/sessions`. */
  readonly requests: readonly string[];
}

/** The real API, for somebody whose key it does not know. */
export async function startRefusingApi(): Promise<RefusingApi> {
  const requests: string[] = [];
  const wrongKey = crypto.randomUUID();
  async function pass(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = 'GET', url = '/' } = request;
    requests.push(`${method} ${url}`);
    const headers = { 'content-type': 'application/json', 'x-api-key': wrongKey };
    const body = method === 'GET' ? null : Readable.toWeb(request);
    const answer = await fetch(`${liveApi.url}${url}`, { method, headers, body, duplex: 'half' });
    response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? 'text/plain' });
    response.end(await answer.text());
  }
  const server = createServer((request, response) => void pass(request, response));
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('It has no port.');
  return {
    url: `http://127.0.0.1:${address.port}`,
    requests,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}
