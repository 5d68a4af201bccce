import {
  AbortedError,
  ApiError,
  AuthenticationError,
  type ClientLogger,
  ContractError,
  StateTrackingApiClient,
  TimeoutError,
  UnavailableError,
} from '@claude-projects/shared/client';
import type { Clock } from '../platform/clock.ts';
import { type Disposable, Disposables } from '../platform/disposable.ts';
import { Emitter, type Event } from '../platform/emitter.ts';
import { errorText } from '../platform/error-text.ts';
import type { Log } from '../platform/log.ts';
import type { ApiAddress, ApiCall, Connection, ConnectionState } from './connection.ts';
import type { Endpoint, EndpointSource } from './endpoint-source.ts';

type ReadyEndpoint = Extract<Endpoint, { kind: 'ready' }>;

interface Line {
  /** Outcomes on a line that was given up say nothing of the present one. */
  readonly epoch: number;
  readonly endpoint: ReadyEndpoint;
  readonly client: StateTrackingApiClient;
}

export type MakeClient = (endpoint: ReadyEndpoint, signal: AbortSignal) => StateTrackingApiClient;

/** One try and no more: who calls knows whether and when another makes sense. Requests are traced where that is on. */
export function clientsThat(trace: (line: string) => void, warn: (line: string) => void): MakeClient {
  const logger: ClientLogger = {
    // Failures are told by whoever made the call.
    debug() {},
    warn: (message, { path, records, field }) => warn(`${message}: ${records} of ${path}, such as ${field}.`),
    trace: (call, { status, durationMs }) => trace(`${call} → ${status ?? 'no reply'}, ${durationMs} ms`),
  };
  return ({ address, apiKey }, signal) =>
    new StateTrackingApiClient({ baseUrl: address.baseUrl, apiKey, signal, retries: 0, logger });
}

export interface ApiConnectionParts {
  readonly source: EndpointSource;
  readonly clock: Clock;
  readonly log: Log;
  readonly makeClient: MakeClient;
}

export class ApiConnection implements Connection, Disposable {
  readonly #parts: ApiConnectionParts;
  readonly #owned = new Disposables();
  readonly #ended = new AbortController();
  /** Of what goes to the API that is chosen now. */
  #chosen = new AbortController();
  readonly #changed: Emitter<ConnectionState>;
  #state: ConnectionState = { kind: 'unused' };
  #epoch = 0;
  #line: Promise<Line> | undefined;
  #address: ApiAddress | undefined;
  /** Answers the calls that must not leave while the state is what it is. */
  #refusal: ApiError | undefined;

  constructor(parts: ApiConnectionParts) {
    this.#parts = parts;
    this.#changed = this.#owned.add(new Emitter((error) => parts.log.error(`A listener failed: ${errorText(error)}`)));
    this.#owned.add(parts.source.onDidChange(() => this.#startOver()));
  }

  get state(): ConnectionState {
    return this.#state;
  }

  get address(): ApiAddress | undefined {
    return this.#address;
  }

  get onDidChange(): Event<ConnectionState> {
    return this.#changed.event;
  }

  async call<T>(run: ApiCall<T>, signal: AbortSignal = this.#ended.signal): Promise<T> {
    const line = await this.#connect(signal);
    try {
      return await this.#try(line, run, signal);
    } catch (error) {
      // A local server that ended, idle or killed, comes back as another instance: nobody needs to notice. All
      // requests are safe to repeat.
      if (!isLost(line, error) || signal.aborted) throw error;
      const next = await this.#connect(signal);
      if (next.endpoint.instance !== line.endpoint.instance) return this.#try(next, run, signal);
      if (error instanceof ApiError) this.#beOffline(error.message);
      throw error;
    }
  }

  dispose(): void {
    this.#ended.abort();
    this.#chosen.abort();
    this.#owned.dispose();
  }

  /** One search for all who wait; a caller who gives up leaves it to the others. */
  async #connect(signal: AbortSignal): Promise<Line> {
    if (this.#refusal) throw this.#refusal;
    this.#line ??= this.#open(this.#epoch);
    const line = await unlessAborted(this.#line, signal);
    // Another API may have been chosen while this one was looked for.
    return line.epoch === this.#epoch ? line : this.#connect(signal);
  }

  async #open(epoch: number): Promise<Line> {
    if (this.#state.kind === 'unused') this.#become({ kind: 'connecting' });
    const endpoint = await this.#resolve();
    if (endpoint.kind === 'ready') {
      if (epoch === this.#epoch) this.#address = endpoint.address;
      return { epoch, endpoint, client: this.#parts.makeClient(endpoint, this.#chosen.signal) };
    }
    const error = endpointError(endpoint);
    if (epoch === this.#epoch) this.#doWithout(endpoint, error);
    throw error;
  }

  async #resolve(): Promise<Endpoint> {
    try {
      return await this.#parts.source.resolve(this.#ended.signal);
    } catch (error) {
      if (this.#ended.signal.aborted) throw aborted();
      this.#parts.log.error(`The API could not be found: ${errorText(error)}`);
      return { kind: 'unreachable', reason: errorText(error) };
    }
  }

  #doWithout(endpoint: Exclude<Endpoint, ReadyEndpoint>, error: ApiError): void {
    this.#giveUpLine();
    switch (endpoint.kind) {
      case 'key-missing':
        this.#refusal = error;
        return this.#become({ kind: 'key-missing' });
      case 'unusable':
        this.#refusal = error;
        return this.#become({ kind: 'unusable', reason: endpoint.reason });
      case 'unreachable':
        return this.#beOffline(endpoint.reason);
      default:
        endpoint satisfies never;
    }
  }

  async #try<T>(line: Line, run: ApiCall<T>, signal: AbortSignal): Promise<T> {
    try {
      const value = await run(line.client, signal);
      if (line.epoch === this.#epoch) this.#become({ kind: 'online' });
      return value;
    } catch (error) {
      if (line.epoch === this.#epoch && error instanceof ApiError) this.#note(line, error);
      throw error;
    }
  }

  #note(line: Line, error: ApiError): void {
    if (error instanceof AbortedError) return;
    if (isLost(line, error)) {
      // Whether it is offline shows when it is looked for again, which `call` does at once.
      this.#giveUpLine();
      this.#parts.source.reportUnreachable();
    } else if (error instanceof AuthenticationError) {
      this.#refusal = error;
      this.#become({ kind: 'key-refused', reason: error.message });
    } else if (error instanceof ContractError) {
      this.#become({ kind: 'not-our-api', reason: error.message });
    } else if (error instanceof UnavailableError || error instanceof TimeoutError) {
      this.#beOffline(error.message);
    } else {
      // A refusal is an answer too: somebody is there who speaks the contract.
      this.#become({ kind: 'online' });
    }
  }

  #giveUpLine(): void {
    this.#epoch += 1;
    this.#line = undefined;
  }

  #startOver(): void {
    this.#giveUpLine();
    // Whoever repeats it does so at the other API; to take one's answer for the other's would mix them up.
    this.#chosen.abort();
    this.#chosen = new AbortController();
    this.#address = undefined;
    this.#refusal = undefined;
    if (this.#state.kind === 'unused') return;
    this.#become({ kind: 'unused' });
    // Whoever waits for the API to come back, or for another key, is not made to wait for the next call.
    this.call((client, signal) => client.getHealth({ signal })).catch(() => undefined);
  }

  #beOffline(reason: string): void {
    const since = this.#state.kind === 'offline' ? this.#state.since : this.#parts.clock.now();
    this.#become({ kind: 'offline', since, reason });
  }

  #become(state: ConnectionState): void {
    const before = this.#state;
    this.#state = state;
    const same = before.kind === state.kind && reasonOf(before) === reasonOf(state);
    if (!same && !this.#ended.signal.aborted) this.#changed.fire(state);
  }
}

/** Nobody is at the address, or, of a local server, somebody else: it may be at another one by now. */
function isLost(line: Line, error: unknown): boolean {
  if (error instanceof UnavailableError && error.code === 'NETWORK_ERROR') return true;
  return line.endpoint.address.mode === 'local' && error instanceof AuthenticationError;
}

function reasonOf(state: ConnectionState): string | undefined {
  return 'reason' in state ? state.reason : undefined;
}

function endpointError(endpoint: Exclude<Endpoint, ReadyEndpoint>): ApiError {
  switch (endpoint.kind) {
    case 'key-missing':
      return new AuthenticationError('There is no API key.', { code: 'API_KEY_REQUIRED' });
    case 'unusable':
    case 'unreachable':
      return new UnavailableError(endpoint.reason, { code: 'NETWORK_ERROR' });
    default:
      return endpoint satisfies never;
  }
}

function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const giveUp = () => reject(aborted());
    if (signal.aborted) giveUp();
    signal.addEventListener('abort', giveUp, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', giveUp));
  });
}

function aborted(): ApiError {
  return new AbortedError('The call was given up.', { code: 'ABORTED' });
}
