import { StateTrackingApiClient } from '@claude-projects/shared/client';
import { ApiConnection, type MakeClient } from '../../src/connection/api-connection.ts';
import type { Endpoint, EndpointSource } from '../../src/connection/endpoint-source.ts';
import type { Clock } from '../../src/platform/clock.ts';
import { Emitter } from '../../src/platform/emitter.ts';
import type { Log } from '../../src/platform/log.ts';

export interface Request {
  /** As in `POST /api/sessions/…/heartbeat`. */
  readonly line: string;
  readonly body: unknown;
  readonly apiKey: string | undefined;
  readonly signal: AbortSignal | undefined;
}

type Answer = (request: Request) => unknown;

/**
 * What the API answers, request by request, beneath the real client: an answer is the reply's body, or throws the
 * client's own error. A request that no test scripted fails.
 */
export class ScriptedApi {
  readonly requests: Request[] = [];
  readonly #answers: { readonly pattern: RegExp; readonly answer: Answer }[] = [];

  /** The answer given last wins. */
  on(pattern: RegExp, answer: Answer): void {
    this.#answers.unshift({ pattern, answer });
  }

  lines(pattern: RegExp): readonly Request[] {
    return this.requests.filter(({ line }) => pattern.test(line));
  }

  readonly makeClient: MakeClient = ({ address, apiKey }, signal) =>
    new StateTrackingApiClient({
      baseUrl: address.baseUrl,
      apiKey,
      signal,
      retries: 0,
      adapter: async (config) => {
        const path = new URL(config.url ?? '').pathname;
        const text: unknown = config.data;
        const request: Request = {
          line: `${config.method?.toUpperCase()} ${path}`,
          body: typeof text === 'string' ? (JSON.parse(text) as unknown) : undefined,
          apiKey,
          signal: config.signal instanceof AbortSignal ? config.signal : undefined,
        };
        this.requests.push(request);
        const found = this.#answers.find(({ pattern }) => pattern.test(request.line));
        if (!found) throw new Error(`No test scripted ${request.line}`);
        const data = await found.answer(request);
        return { data, status: 200, statusText: 'OK', headers: {}, config };
      },
    });
}

/** Answers with whatever the test puts there. */
export class FakeEndpointSource implements EndpointSource {
  endpoint: Endpoint = readyEndpoint('first');
  resolved = 0;
  unreachable = 0;
  readonly #changed = new Emitter<void>((error) => {
    throw error;
  });
  readonly onDidChange = this.#changed.event;

  async resolve(): Promise<Endpoint> {
    this.resolved += 1;
    return this.endpoint;
  }

  reportUnreachable(): void {
    this.unreachable += 1;
  }

  change(endpoint: Endpoint): void {
    this.endpoint = endpoint;
    this.#changed.fire();
  }
}

export function readyEndpoint(
  instance: string,
  mode: 'local' | 'remote' = 'remote',
  baseUrl = 'http://127.0.0.1:1',
): Endpoint {
  return {
    kind: 'ready',
    address: { mode, baseUrl },
    apiKey: '11111111-1111-4111-8111-111111111111',
    instance,
  };
}

export function scriptedConnection(parts: { api: ScriptedApi; clock: Clock; log: Log; source?: FakeEndpointSource }) {
  const source = parts.source ?? new FakeEndpointSource();
  const connection = new ApiConnection({
    source,
    clock: parts.clock,
    log: parts.log,
    makeClient: parts.api.makeClient,
  });
  return { connection, source };
}
