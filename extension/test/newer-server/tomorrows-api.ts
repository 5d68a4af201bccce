import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import * as z from 'zod/mini';

const Json = z.record(z.string(), z.unknown());
type Json = z.output<typeof Json>;

/**
 * A newer API, as a proxy in front of the real one. Every record has fields that today's client does not know. A test adds
 * enum values, records of another shape and refusals with other codes.
 */
export class TomorrowsApi {
  readonly #target: string;
  readonly #server = createServer((request, response) => {
    this.#underWay += 1;
    response.once('close', () => {
      this.#underWay -= 1;
    });
    void this.#answer(request, response);
  });
  /** Fields to set in replies, by the id of the session, task or machine. */
  readonly #sayings = new Map<string, Json>();
  readonly #additions = new Map<string, Json[]>();
  #refusals: { readonly line: RegExp; readonly status: number; readonly code: string }[] = [];
  /** As in `201 POST /api/sessions`. */
  readonly answered: string[] = [];
  #underWay = 0;

  constructor(target: string) {
    this.#target = target;
  }

  async open(): Promise<string> {
    await new Promise<void>((done) => this.#server.listen(0, '127.0.0.1', done));
    const address = this.#server.address();
    if (address === null || typeof address === 'string') throw new Error('the server does not listen');
    return `http://127.0.0.1:${address.port}`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise<void>((done) => {
      this.#server.close(() => done());
    });
  }

  /** True when no request is in flight. */
  get isIdle(): boolean {
    return this.#underWay === 0;
  }

  /** Sets fields of one record, or with `*` of all records that have these fields. */
  says(id: string, fields: Json): void {
    this.#sayings.set(id, fields);
  }

  /** A list also has this record. */
  lists(name: 'sessions' | 'tasks', record: Json): void {
    this.#additions.set(name, [...(this.#additions.get(name) ?? []), record]);
  }

  refuses(line: RegExp, status: number, code: string): void {
    this.#refusals.push({ line, status, code });
  }

  refusesNothing(): void {
    this.#refusals = [];
  }

  async #answer(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const { method = '', url = '' } = incoming;
    const line = `${method} ${new URL(url, this.#target).pathname}`;
    const body = await buffer(incoming);
    const refusal = this.#refusals.find((refusal) => refusal.line.test(line));
    if (refusal) return this.#send(outgoing, line, refusal.status, refusalBody(refusal.status, refusal.code, url), {});
    const headers = Object.entries(incoming.headers).flatMap(([name, value]) =>
      typeof value === 'string' && PASSED_ON.has(name) ? [[name, value] satisfies [string, string]] : [],
    );
    const address = this.#withRoom(new URL(url, this.#target));
    const reply = await fetch(address, { method, headers, ...(body.length > 0 && { body }) });
    const text = await reply.text();
    const etag = reply.headers.get('etag');
    const value: unknown = text === '' ? undefined : JSON.parse(text);
    this.#send(outgoing, line, reply.status, value === undefined ? undefined : this.#changed(value), {
      ...(etag !== null && { ETag: etag }),
    });
  }

  /** Added records come first in a list, and count towards its pages. */
  #withRoom(address: URL): URL {
    const added = this.#additions.get(address.pathname.replace('/api/', ''))?.length ?? 0;
    const limit = Number(address.searchParams.get('limit') ?? 50);
    const offset = Number(address.searchParams.get('offset') ?? 0);
    if (added === 0) return address;
    address.searchParams.set('limit', String(offset === 0 ? limit - added : limit));
    address.searchParams.set('offset', String(Math.max(0, offset - added)));
    return address;
  }

  #send(outgoing: ServerResponse, line: string, status: number, value: unknown, headers: Record<string, string>): void {
    this.answered.push(`${status} ${line}`);
    outgoing.writeHead(status, { 'Content-Type': 'application/json', ...headers });
    outgoing.end(value === undefined ? undefined : JSON.stringify(value));
  }

  #changed(value: unknown): unknown {
    if (Array.isArray(value)) return value.map((item) => this.#changed(item));
    const record = Json.safeParse(value).data;
    if (!record) return value;
    const changed: Json = {};
    let total = record['total'];
    for (const [name, field] of Object.entries(record)) {
      const additions = (Array.isArray(field) && this.#additions.get(name)) || [];
      const before = record['offset'] === 0 ? additions : [];
      changed[name] = Array.isArray(field) ? [...before, ...field.map((item) => this.#changed(item))] : field;
      if (typeof total === 'number') total += additions.length;
    }
    if (total !== undefined) changed['total'] = total;
    const id = record['task_id'] ?? record['session_id'] ?? record['machine_id'];
    const saying = { ...this.#sayings.get('*'), ...this.#sayings.get(String(id)) };
    const known = Object.entries(saying).filter(([name]) => name in record);
    return { ...changed, ...Object.fromEntries(known), links: { self: '/v2' }, revision: 7 };
  }
}

const PASSED_ON = new Set(['authorization', 'content-type', 'if-none-match', 'x-request-id']);

function refusalBody(status: number, code: string, path: string): Json {
  return {
    statusCode: status,
    error: 'Refused',
    code,
    message: 'Not like this.',
    timestamp: '2026-03-01T09:00:00.000Z',
    path,
    request_id: '0b9c3c36-5f1a-4f0e-9d52-6f2d1c1f7a10',
    remedy: { kind: 'upgrade' },
  };
}
