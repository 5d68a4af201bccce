import { type AxiosInstance, create } from 'axios';
import axiosRetry from 'axios-retry';
import { HEADERS } from '../contract/headers.ts';
import { type CallContext, callName } from './call-context.ts';
import type { CallSettings } from './call-options.ts';
import { combineSignals } from './call-signal.ts';
import type { ClientSettings } from './client-options.ts';
import { errorFromFailure, MAX_REPLY_BYTES } from './error-from-failure.ts';
import type { ApiError } from './errors.ts';
import { type RawReply, rawReply } from './raw-reply.ts';
import { RetryRun } from './retry-run.ts';
import { CLIENT_VERSION } from './version.ts';

export interface Outgoing {
  readonly context: CallContext;
  readonly url: string;
  readonly body: string | undefined;
  readonly etag: string | null | undefined;
  readonly repeatable: boolean;
}

export type Outcome<T> =
  | { readonly value: T }
  | {
      readonly error: ApiError;
      /** An earlier try failed in a way that leaves open whether the server did what was asked. */
      readonly earlierTryMayHaveActed: boolean;
    };

/** Sends a request as often as is safe and needed. The only place that knows axios. */
export class Transport {
  readonly #axios: AxiosInstance;
  readonly #settings: ClientSettings;

  constructor(settings: ClientSettings) {
    this.#settings = settings;
    this.#axios = create({
      adapter: settings.adapter,
      headers: {
        'User-Agent': `claude-projects-client/${CLIENT_VERSION}`,
        ...(settings.apiKey === undefined ? {} : { [HEADERS.authorization]: `Bearer ${settings.apiKey}` }),
      },
      // Following one could carry the key to another origin.
      maxRedirects: 0,
      maxContentLength: MAX_REPLY_BYTES,
      responseType: 'text',
      transformRequest: [(data: unknown) => data],
      transformResponse: [(data: unknown) => data],
      validateStatus: (status) => (status >= 200 && status < 300) || status === 304,
    });
    axiosRetry(this.#axios);
  }

  /** `read` makes sense of a reply, or throws an ApiError if there is none in it. */
  async send<T>(outgoing: Outgoing, call: CallSettings, read: (reply: RawReply) => T): Promise<Outcome<T>> {
    const { context, url, body, etag } = outgoing;
    const { timeoutMs } = call;
    const toError = (failure: unknown) => errorFromFailure(context, failure, timeoutMs, Date.now());
    const run = new RetryRun(context, call.retries, outgoing.repeatable, this.#settings.logger);
    const abort = combineSignals([this.#settings.signal, call.signal]);
    const startedAt = performance.now();
    let status: number | undefined;
    try {
      const response = await this.#axios.request<unknown>({
        url,
        method: context.method,
        data: body,
        headers: {
          [HEADERS.requestId]: context.requestId,
          // False keeps axios from inventing a type for a request without a body.
          'Content-Type': body === undefined ? false : 'application/json',
          ...(etag ? { [HEADERS.ifNoneMatch]: etag } : {}),
        },
        timeout: timeoutMs,
        signal: abort.signal,
        'axios-retry': {
          retries: call.retries.attempts,
          shouldResetTimeout: true,
          retryCondition: (failure) => run.decide(toError(failure)),
          retryDelay: () => run.delayMs,
        },
      });
      status = response.status;
      return { value: read(rawReply(response)) };
    } catch (failure: unknown) {
      const error = toError(failure);
      status ??= error.status;
      run.end(error);
      return { error, earlierTryMayHaveActed: run.earlierTryMayHaveActed };
    } finally {
      abort.dispose();
      const durationMs = Math.round(performance.now() - startedAt);
      this.#settings.logger.trace?.(callName(context), { status, durationMs, requestId: context.requestId });
    }
  }
}
