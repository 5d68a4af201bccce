import type * as z from 'zod/mini';
import { type PathParameters, pathOf, type Route } from '../contract/route.ts';
import type { CallContext } from './call-context.ts';
import { type CallOptions, type ConditionalReply, callSettings } from './call-options.ts';
import type { ClientSettings } from './client-options.ts';
import { NotFoundError } from './errors.ts';
import { expectReply, type JsonRoute, type ParsedReply, parseJson } from './parse-reply.ts';
import type { RawReply } from './raw-reply.ts';
import { createRedact, type Redact } from './redact.ts';
import { isRepeatable } from './retry-policy.ts';
import type { Received } from './tolerant.ts';
import { type Outcome, Transport } from './transport.ts';

export interface Sent {
  query?: object | undefined;
  body?: object | undefined;
  etag?: string | null | undefined;
}

type Schema = z.ZodMiniType;
type Read<T> = (reply: RawReply, context: CallContext) => T;

/** Turns a route and what is sent into a request, and the reply into what the contract says it is. */
export class RouteCaller {
  readonly #settings: ClientSettings;
  readonly #transport: Transport;
  readonly #redact: Redact;
  /** Paths of routes whose unreadable records were reported. */
  readonly #warned = new Set<string>();

  constructor(settings: ClientSettings) {
    this.#settings = settings;
    this.#transport = new Transport(settings);
    this.#redact = createRedact(settings.apiKey);
  }

  async json<R extends Route, S extends Schema>(
    route: R & JsonRoute<S>,
    parameters: PathParameters<R>,
    sent: Sent,
    options: CallOptions | undefined,
  ): Promise<Received<S>> {
    const read: Read<Received<S>> = (reply, context) => this.#parse<S>(route, context, reply).data;
    return valueOf(await this.#send<R, Received<S>>(route, parameters, sent, options, read));
  }

  async listing<R extends Route, S extends Schema>(
    route: R & JsonRoute<S>,
    parameters: PathParameters<R>,
    query: object | undefined,
    etag: string | null,
    options: CallOptions,
  ): Promise<ConditionalReply<Received<S>>> {
    const read: Read<ConditionalReply<Received<S>>> = (reply, context) => {
      if (reply.status === 304 && etag !== null) return { notModified: true, etag: reply.etag ?? etag };
      const { data, unreadable } = this.#parse<S>(route, context, reply);
      return { notModified: false, etag: reply.etag ?? null, data, unreadable: unreadable.length };
    };
    return valueOf(
      await this.#send<R, ConditionalReply<Received<S>>>(route, parameters, { query, etag }, options, read),
    );
  }

  async text<R extends Route>(
    route: R,
    parameters: PathParameters<R>,
    options: CallOptions | undefined,
  ): Promise<string> {
    const read: Read<string> = (reply, context) => expectReply('text', route, context, reply);
    return valueOf(await this.#send(route, parameters, {}, options, read));
  }

  /** For routes that answer with nothing: deletions. */
  async nothing<R extends Route>(
    route: R,
    parameters: PathParameters<R>,
    options: CallOptions | undefined,
  ): Promise<void> {
    const read: Read<string> = (reply, context) => expectReply(null, route, context, reply);
    const outcome = await this.#send(route, parameters, {}, options, read);
    if (!isDeletedByEarlierTry(route, outcome)) valueOf(outcome);
  }

  #parse<S extends Schema>(route: JsonRoute<S>, context: CallContext, reply: RawReply): ParsedReply<Received<S>> {
    const parsed = parseJson(route, context, reply);
    const [first] = parsed.unreadable;
    // A listing that is read every few seconds has the same to say each time.
    if (first && !this.#warned.has(route.path)) {
      this.#warned.add(route.path);
      this.#settings.logger.warn('Records that this client cannot read were left out', {
        path: route.path,
        records: parsed.unreadable.length,
        field: first.field,
      });
    }
    return parsed;
  }

  async #send<R extends Route, T>(
    route: R,
    parameters: PathParameters<R>,
    sent: Sent,
    options: CallOptions | undefined,
    read: Read<T>,
  ): Promise<Outcome<T>> {
    const call = callSettings(options, this.#settings);
    const path = pathOf<R>(route, parameters);
    const context = { method: route.method, path, requestId: crypto.randomUUID(), redact: this.#redact };
    const outgoing = {
      context,
      url: this.#settings.baseUrl + path + queryOf(sent.query),
      body: sent.body === undefined ? undefined : JSON.stringify(sent.body),
      etag: sent.etag,
      repeatable: isRepeatable(route, sent.body),
    };
    return this.#transport.send(outgoing, call, (reply) => read(reply, context));
  }
}

function valueOf<T>(outcome: Outcome<T>): T {
  if ('error' in outcome) throw outcome.error;
  return outcome.value;
}

/** The reply to an earlier try was lost, and now the record is gone: that try, or someone else, deleted it. */
function isDeletedByEarlierTry(route: Route, outcome: Outcome<unknown>): boolean {
  if (!('error' in outcome) || !outcome.earlierTryMayHaveActed || route.method !== 'DELETE') return false;
  const { error } = outcome;
  // Not just any 404: ROUTE_NOT_FOUND, say, means that nothing was ever deleted here.
  return error instanceof NotFoundError && route.errors.some((code) => code === error.code);
}

function queryOf(query: object | undefined): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query ?? {})) {
    if (value !== undefined) parameters.set(name, String(value));
  }
  return parameters.size === 0 ? '' : `?${parameters.toString()}`;
}
