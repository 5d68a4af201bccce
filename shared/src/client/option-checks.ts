import type { ClientLogger } from './logger.ts';
import type { RetryPolicy } from './retry-policy.ts';

// Plain JavaScript may pass anything, so that every check takes `unknown`-like input seriously. No message repeats a
// value: a base URL may hold a password, and a key is a key.

/** Timers wrap around above this and fire at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

export function checkedBaseUrl(value: string): string {
  if (typeof value !== 'string') throw new TypeError('baseUrl must be a string');
  const url = URL.canParse(value) ? new URL(value) : undefined;
  if (!url) throw new TypeError('baseUrl must be an absolute URL, as in "https://example.com"');
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw new TypeError('baseUrl must begin with http:// or https://');
  }
  if (url.username || url.password) throw new TypeError('baseUrl must not contain credentials; use apiKey');
  // An empty query or hash ("https://example.com/?") leaves no trace in the parsed URL.
  if (/[?#]/.test(value)) throw new TypeError('baseUrl must have neither query nor hash');
  return url.origin + url.pathname.replace(/\/+$/, '');
}

export function checkedApiKey(value: string | undefined): string | undefined {
  if (value === undefined) return undefined;
  if (typeof value !== 'string' || value.trim() === '') {
    throw new TypeError('apiKey must not be empty; leave it out where the server needs none');
  }
  // Anything else cannot be carried by a header, or would be cut on the way.
  if (!/^[\x21-\x7e]+$/.test(value)) throw new TypeError('apiKey must consist of visible ASCII characters');
  return value;
}

export function checkedTimeout(value: number | undefined, fallback: number): number {
  return value === undefined ? fallback : checkedNumber('timeoutMs', value, 1, LONGEST_TIMER_MS);
}

export function checkedRetryPolicy(
  value: number | Partial<RetryPolicy> | undefined,
  fallback: RetryPolicy,
): RetryPolicy {
  if (value === undefined) return fallback;
  if (typeof value !== 'number' && (typeof value !== 'object' || value === null)) {
    throw new TypeError('retries must be a number or an object');
  }
  const given = typeof value === 'number' ? { attempts: value } : value;
  const {
    attempts = fallback.attempts,
    baseDelayMs = fallback.baseDelayMs,
    maxDelayMs = fallback.maxDelayMs,
  }: Partial<RetryPolicy> = given;
  const prefix = typeof value === 'number' ? 'retries' : 'retries.attempts';
  checkedNumber(prefix, attempts, 0, 100);
  if (!Number.isInteger(attempts)) throw new RangeError(`${prefix} must be a whole number`);
  checkedNumber('retries.baseDelayMs', baseDelayMs, 0, LONGEST_TIMER_MS);
  // Half of what a timer can do: to a Retry-After of this length a jitter is added.
  checkedNumber('retries.maxDelayMs', maxDelayMs, 0, LONGEST_TIMER_MS / 2);
  return { attempts, baseDelayMs, maxDelayMs };
}

export function checkedSignal(value: AbortSignal | undefined): AbortSignal | undefined {
  // Not instanceof: a signal of another realm works as well.
  if (value !== undefined && (typeof value?.addEventListener !== 'function' || typeof value.aborted !== 'boolean')) {
    throw new TypeError('signal must be an AbortSignal');
  }
  return value;
}

export function checkedLogger(value: ClientLogger | undefined, fallback: ClientLogger): ClientLogger {
  if (value === undefined) return fallback;
  if (typeof value?.debug !== 'function' || typeof value.warn !== 'function') {
    throw new TypeError('logger must have the methods debug and warn');
  }
  return value;
}

function checkedNumber(name: string, value: number, least: number, most: number): number {
  if (typeof value !== 'number') throw new TypeError(`${name} must be a number`);
  if (!(value >= least && value <= most)) throw new RangeError(`${name} must be between ${least} and ${most}`);
  return value;
}
