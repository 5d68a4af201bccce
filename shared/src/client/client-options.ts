import type { ClientAdapter } from './adapter.ts';
import type { CallSettings, RetryOption } from './call-options.ts';
import { type ClientLogger, SILENT_LOGGER, tolerant } from './logger.ts';
import {
  checkedApiKey,
  checkedBaseUrl,
  checkedLogger,
  checkedRetryPolicy,
  checkedSignal,
  checkedTimeout,
} from './option-checks.ts';
import { DEFAULT_RETRY_POLICY } from './retry-policy.ts';

export interface ClientOptions {
  /** Where the API is, as in `https://example.com` or `https://example.com/behind/a/prefix`. */
  baseUrl: string;
  /** Left out only where the server needs none, as in development. */
  apiKey?: string | undefined;
  /** For each try, from sending to the last byte of the reply. Default: 10,000. */
  timeoutMs?: number | undefined;
  /** Default: `{ attempts: 3, baseDelayMs: 500, maxDelayMs: 30000 }`. A number is short for `{ attempts }`. */
  retries?: RetryOption | undefined;
  /** Ends every call of this client. */
  signal?: AbortSignal | undefined;
  /** Default: silence. */
  logger?: ClientLogger | undefined;
  /** Default: `'fetch'`. */
  adapter?: ClientAdapter | undefined;
}

export interface ClientSettings extends CallSettings {
  readonly baseUrl: string;
  readonly apiKey: string | undefined;
  readonly logger: ClientLogger;
  readonly adapter: ClientAdapter;
}

export const DEFAULT_TIMEOUT_MS = 10_000;

/** Throws a TypeError or RangeError that names the option at fault. */
export function clientSettings(options: ClientOptions): ClientSettings {
  if (typeof options !== 'object' || options === null) throw new TypeError('options must be an object');
  return {
    baseUrl: checkedBaseUrl(options.baseUrl),
    apiKey: checkedApiKey(options.apiKey),
    timeoutMs: checkedTimeout(options.timeoutMs, DEFAULT_TIMEOUT_MS),
    retries: checkedRetryPolicy(options.retries, DEFAULT_RETRY_POLICY),
    signal: checkedSignal(options.signal),
    logger: tolerant(checkedLogger(options.logger, SILENT_LOGGER)),
    adapter: checkedAdapter(options.adapter),
  };
}

function checkedAdapter(value: ClientAdapter | undefined): ClientAdapter {
  // Fetch is in every runtime that matters; axios' own HTTP adapter would weigh as much as the rest of a bundle twice.
  if (value === undefined) return 'fetch';
  if (typeof value === 'function' || value === 'fetch') return value;
  throw new TypeError('adapter must be "fetch" or a function');
}
