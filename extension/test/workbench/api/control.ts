// What tests inside the extension host ask of the process outside that started everything: to print, to take the API
// away and bring it back, and to be the person at the keyboard.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import type { LiveApi } from './live-api.ts';

export interface Control extends AsyncDisposable {
  readonly url: string;
}

export interface ControlParts {
  readonly api: LiveApi;
  readonly print: (line: string) => void;
  /** Answers the question that is open, or opens next, at the top of the window. */
  readonly answer: (text: string) => Promise<void>;
}

export async function startControl({ api, print, answer: type }: ControlParts): Promise<Control> {
  const actions: Readonly<Record<string, (body: string) => Promise<void>>> = {
    '/print': (body) => Promise.resolve(print(body)),
    '/answer': type,
    '/api/start': () => api.start(),
    '/api/stop': () => api.stop(),
    '/api/kill': () => api.kill(),
  };
  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const action = actions[request.url ?? ''];
    try {
      if (!action || request.method !== 'POST') throw new Error(`No such action: ${request.method} ${request.url}`);
      await action(await text(request));
      response.writeHead(204).end();
    } catch (error) {
      response.writeHead(500).end(String(error));
    }
  }
  const server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('The control server has no port.');
  return {
    url: `http://127.0.0.1:${address.port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}
