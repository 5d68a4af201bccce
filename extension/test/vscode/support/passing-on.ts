import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { liveApi } from './live-api.ts';

/** Has the real API answer the request, for somebody with this key. */
export async function passOn(request: IncomingMessage, response: ServerResponse, apiKey: string): Promise<void> {
  const { method = 'GET', url = '/' } = request;
  const headers = { 'content-type': 'application/json', 'x-api-key': apiKey };
  const body = method === 'GET' ? null : Readable.toWeb(request);
  const answer = await fetch(`${liveApi.url}${url}`, { method, headers, body, duplex: 'half' });
  response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? 'text/plain' });
  response.end(await answer.text());
}

export interface RunningServer extends AsyncDisposable {
  readonly url: string;
}

export async function startServer(answer: RequestListener): Promise<RunningServer> {
  const server = createServer(answer);
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('It has no port.');
  return {
    url: `http://127.0.0.1:${address.port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}
