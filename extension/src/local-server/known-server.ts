import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import * as z from 'zod/mini';
import type { Clock } from '../platform/clock.ts';
import type { ServerEndpoint } from './endpoint.ts';
import type { ServerFile } from './server-file.ts';
import { timeLimit } from './time-limit.ts';

export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

export interface KnownServerParts {
  readonly fetch: Fetch;
  readonly clock: Clock;
}

/** A server that has proven to be ours. */
export interface KnownServer {
  readonly endpoint: ServerEndpoint;
  readonly version: string;
  readonly pid: number;
}

const ANSWER_LIMIT_MS = 2_000;
const LONGEST_ANSWER = 4096;

const Proof = z.object({
  service: z.literal('claude-projects'),
  instance: z.uuidv4(),
  version: z.string(),
  proof: z.string().check(z.regex(/^[0-9a-f]{64}$/)),
});

/**
 * Whether the server that the file names is there. The file may be of a server that was killed, and its port taken by
 * anybody since: so the key is not sent, only a challenge that nobody can answer who does not know it.
 */
export async function recognizeServer(
  parts: KnownServerParts,
  file: ServerFile,
  signal: AbortSignal,
): Promise<KnownServer | undefined> {
  const baseUrl = `http://127.0.0.1:${file.port}`;
  const challenge = randomBytes(32).toString('hex');
  const answer = Proof.safeParse(
    await ask(parts, `${baseUrl}/local-server/proof?challenge=${challenge}`, { method: 'GET' }, signal),
  );
  if (!answer.success || answer.data.instance !== file.instance) return undefined;
  const expected = createHmac('sha256', file.key).update(`${file.instance} ${challenge}`).digest();
  if (!timingSafeEqual(expected, Buffer.from(answer.data.proof, 'hex'))) return undefined;
  const endpoint = { baseUrl, apiKey: file.key, instance: file.instance };
  return { endpoint, version: answer.data.version, pid: file.pid };
}

/** Asks it to end in order, when it has answered what is under way. */
export async function askToEnd(parts: KnownServerParts, server: KnownServer, signal: AbortSignal): Promise<void> {
  const { baseUrl, apiKey } = server.endpoint;
  await ask(parts, `${baseUrl}/local-server/end`, { method: 'POST', headers: { 'X-API-Key': apiKey } }, signal);
}

/** The JSON of a short answer; undefined for everything else that a port may do to a caller. */
async function ask(
  { fetch, clock }: KnownServerParts,
  url: string,
  init: RequestInit,
  signal: AbortSignal,
): Promise<unknown> {
  const limit = timeLimit(clock, ANSWER_LIMIT_MS, signal);
  try {
    const reply = await fetch(url, { ...init, redirect: 'error', signal: limit.signal });
    return JSON.parse(await shortTextOf(reply));
  } catch {
    return undefined;
  } finally {
    limit.dispose();
  }
}

async function shortTextOf(reply: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  const body: AsyncIterable<Uint8Array> | null = reply.body;
  for await (const chunk of body ?? []) {
    length += chunk.length;
    // Leaving the loop ends the connection too.
    if (length > LONGEST_ANSWER) throw new RangeError('the answer is too long to be the one expected');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
