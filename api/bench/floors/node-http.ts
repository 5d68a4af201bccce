// Floor: node:http alone, making the API's own storage calls and giving its replies.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { configuration, heartbeat, list, toBeat } from './embedded-storage.ts';

const HEARTBEAT = /^\/api\/sessions\/([^/]+)\/heartbeat$/;

createServer((request, response) => {
  const url = request.url ?? '';
  const sessionId = HEARTBEAT.exec(url)?.[1];
  if (sessionId !== undefined) beat(request, response, sessionId);
  else if (url.startsWith('/api/sessions')) void answer(response, list(limitOf(url)));
  else void answer(response, Promise.resolve({ status: 'ok' }));
}).listen(configuration.port, configuration.host);

function beat(request: IncomingMessage, response: ServerResponse, sessionId: string): void {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const text = Buffer.concat(chunks).toString('utf8');
    void answer(response, heartbeat(sessionId, toBeat(text === '' ? {} : JSON.parse(text))));
  });
}

async function answer(response: ServerResponse, work: Promise<unknown>): Promise<void> {
  try {
    const reply = await work;
    const text = JSON.stringify(reply);
    response.writeHead(reply === null ? 404 : 200, {
      'Content-Type': 'application/json; charset=utf-8',
      'Content-Length': Buffer.byteLength(text),
    });
    response.end(text);
  } catch {
    response.writeHead(500).end();
  }
}

function limitOf(url: string): number {
  return Number(new URL(url, 'http://localhost').searchParams.get('limit') ?? 50);
}
