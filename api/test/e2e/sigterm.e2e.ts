import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { StateTrackingApiClient } from '@claude-projects/shared/client';
import { RunningProgram } from './running-program.ts';

const bundle = join(import.meta.dirname, '../../dist/server.mjs');
const CONNECTIONS = 100;
const EXIT_LIMIT_MS = 10_000;

describe('SIGTERM under load', () => {
  let folder: string;
  let program: RunningProgram;
  let baseUrl: string;
  let sessionId: string;
  const apiKey = randomUUID();

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'claude-projects-sigterm-'));
    program = new RunningProgram(process.execPath, [bundle], {
      cwd: folder,
      env: {
        PATH: process.env['PATH'],
        PORT: '0',
        API_KEYS: apiKey,
        RATE_LIMIT_PER_MINUTE: '1000000',
        RATE_LIMIT_HEARTBEATS_PER_MINUTE: '1000000',
      },
    });
    baseUrl = await program.untilPrinted(/"url":"([^"]+)"/);
    const client = new StateTrackingApiClient({ baseUrl, apiKey });
    sessionId = (await client.createSession({ project_id: 'project', machine_id: 'machine' })).session_id;
  });
  afterEach(async () => {
    await program.dispose();
    rmSync(folder, { recursive: true });
  });

  const BODY = '{}';
  const heartbeat = () =>
    [
      `POST /api/sessions/${sessionId}/heartbeat HTTP/1.1`,
      'Host: x',
      `X-API-Key: ${apiKey}`,
      'Content-Type: application/json',
      `Content-Length: ${BODY.length}`,
      '',
      BODY,
    ].join('\r\n');

  async function assertItEnds(signalledAt: number): Promise<void> {
    assert.equal(await program.untilExit(), 0, program.output.slice(-2000));
    const took = performance.now() - signalledAt;
    assert.ok(took < EXIT_LIMIT_MS, `took ${took} ms`);
  }

  it('answers each of many requests that came over connections kept alive, and exits 0', async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
    let signalledAt = Infinity;
    const answered: string[] = [];
    const lost: string[] = [];
    /** One request after the other until the server ends its connection, as it tells by then. */
    const caller = async () => {
      for (;;) {
        const sentAt = performance.now();
        const outcome = await send(agent, `${baseUrl}/api/sessions/${sessionId}/heartbeat`, apiKey);
        if (outcome === 'failed' && sentAt < signalledAt)
          lost.push(`sent ${signalledAt - sentAt} ms before the signal`);
        else if (outcome !== 'failed') answered.push(outcome);
        if (outcome !== 'answered') return;
      }
    };
    const callers = Array.from({ length: CONNECTIONS }, caller);
    while (answered.length < 2000) await once(agent, 'free');
    const unfinished = connect(Number(new URL(baseUrl).port), '127.0.0.1').setEncoding('utf8');
    await once(unfinished, 'connect');
    unfinished.write(heartbeat().slice(0, -BODY.length));
    signalledAt = performance.now();
    program.signal('SIGTERM');
    await program.untilPrinted(/"message":"(Closing)"/);
    const reply = await exchange(unfinished, BODY);
    await Promise.all(callers);
    await assertItEnds(signalledAt);
    assert.deepEqual(lost, []);
    assert.ok(answered.length > 2000);
    assert.match(reply, /^HTTP\/1\.1 200 [^]*connection: close/i, 'what was under way is answered while it closes');
  });

  it('answers requests that lie unread in the sockets of connections that looked idle', async () => {
    const port = Number(new URL(baseUrl).port);
    const sockets = Array.from({ length: CONNECTIONS }, () => connect(port, '127.0.0.1').setEncoding('utf8'));
    try {
      // A first request makes each of them a connection that is kept alive, and has nothing to do.
      await Promise.all(sockets.map((socket) => exchange(socket, heartbeat())));
      const replies = Promise.all(sockets.map((socket) => exchange(socket, heartbeat())));
      const signalledAt = performance.now();
      program.signal('SIGTERM');
      for (const reply of await replies) assert.match(reply, /^HTTP\/1\.1 200 /);
      await assertItEnds(signalledAt);
    } finally {
      for (const socket of sockets) socket.destroy();
    }
  });

  it('is not held up by connections that are kept alive and idle', async () => {
    const port = Number(new URL(baseUrl).port);
    const socket = connect(port, '127.0.0.1').setEncoding('utf8');
    await exchange(socket, heartbeat());
    const signalledAt = performance.now();
    program.signal('SIGTERM');
    await assertItEnds(signalledAt);
    assert.ok(performance.now() - signalledAt < 2000);
    socket.destroy();
  });
});

type Outcome = 'answered' | 'last' | 'failed';

/** `last` where the reply says that its connection is over. */
function send(agent: Agent, url: string, apiKey: string): Promise<Outcome> {
  const { promise, resolve } = Promise.withResolvers<Outcome>();
  const call = request(url, { agent, method: 'POST', headers: { 'X-API-Key': apiKey } }, (reply) => {
    reply.resume();
    reply.once('end', () => resolve(reply.headers.connection === 'close' ? 'last' : 'answered'));
    reply.once('error', () => resolve('failed'));
  });
  call.once('error', () => resolve('failed'));
  call.end();
  return promise;
}

/** What comes back first; empty where the connection ends without a word. */
async function exchange(socket: Socket, message: string): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>();
  const ended = () => resolve('');
  socket.once('data', (text) => resolve(String(text)));
  socket.once('error', ended);
  socket.once('close', ended);
  socket.write(message);
  const reply = await promise;
  socket.off('error', ended).off('close', ended);
  return reply;
}
