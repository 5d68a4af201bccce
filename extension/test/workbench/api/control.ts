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
  /** What is done with the window, and what is seen of it, by path. */
  readonly hands: Actions;
}

/** What is asked for by each path. An action may answer with a text. */
export type Actions = Readonly<Record<string, (body: string) => Promise<string | void>>>;

export async function startControl({ api, print, hands }: ControlParts): Promise<Control> {
  const actions: Actions = {
    ...hands,
    '/print': async (body) => {
      print(body);
    },
    '/api/start': () => api.start(),
    '/api/stop': () => api.stop(),
    '/api/kill': () => api.kill(),
    '/api/put-back': (ms) => api.putBack(Number(ms)),
  };
  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const action = actions[request.url ?? ''];
    try {
      if (!action || request.method !== 'POST') throw new Error(`No such action: ${request.method} ${request.url}`);
      const said = await action(await text(request));
      if (said === undefined) response.writeHead(204).end();
      else response.writeHead(200).end(said);
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
