import type { Route } from '../contract/route.ts';
import { type ApiError, ContractError, RateLimitedError, TimeoutError, UnavailableError } from './errors.ts';

export interface RetryPolicy {
  /** How often a call is tried again after its first try; 0 turns retries off. */
  attempts: number;
  /** The longest first wait; it doubles with every further one. The wait is drawn at random from 0 to that. */
  baseDelayMs: number;
  /** The longest wait. A server that asks for a longer one gets no retry: the caller gets the error at once. */
  maxDelayMs: number;
}

export const DEFAULT_RETRY_POLICY: RetryPolicy = { attempts: 3, baseDelayMs: 500, maxDelayMs: 30_000 };

/** Whether sending a request twice does what sending it once does. */
export function isRepeatable(route: Pick<Route, 'repeatable'>, body: unknown): boolean {
  if (route.repeatable === true) return true;
  if (typeof body !== 'object' || body === null) return false;
  const clientMadeId: unknown = Object.entries(body).find(([name]) => name === route.repeatable)?.[1];
  return typeof clientMadeId === 'string' && clientMadeId !== '';
}

/** Whether another try could succeed and do no harm. */
export function mayRetry(failure: ApiError, repeatable: boolean): boolean {
  // The server refused before it acted, so that even a create without an id of its own may be sent again.
  if (failure instanceof RateLimitedError) return true;
  if (!repeatable) return false;
  // A stranger's 500 is a stranger's still when asked again.
  if (failure instanceof ContractError) return false;
  return failure instanceof UnavailableError || failure instanceof TimeoutError || failure.status === 500;
}

/** Whether the server may have done what was asked although the try failed. */
export function mayHaveActed(failure: ApiError): boolean {
  return !(failure instanceof RateLimitedError);
}

/** How long to wait before retry number `retry` (from 1); undefined: don't. */
export function retryDelayMs(
  retry: number,
  retryAfterMs: number | undefined,
  policy: RetryPolicy,
  random: () => number,
): number | undefined {
  if (retryAfterMs === undefined) return backOffMs(retry, policy, random);
  if (retryAfterMs > policy.maxDelayMs) return undefined;
  // Those who were told the same moment must not all come back at it. And timers may fire a millisecond early.
  return retryAfterMs + Math.max(1, backOffMs(1, policy, random));
}

/** Exponential with full jitter: clients that failed together spread out instead of coming back together. */
export function backOffMs(retry: number, policy: RetryPolicy, random: () => number): number {
  return Math.floor(random() * Math.min(policy.maxDelayMs, policy.baseDelayMs * 2 ** (retry - 1)));
}

/** The wait that a `Retry-After` header asks for, in seconds or as a date; undefined if it is neither. */
export function parseRetryAfter(header: string | undefined, now: number): number | undefined {
  const value = header?.trim() ?? '';
  if (/^\d+$/.test(value)) return Number(value) * 1000;
  // Date.parse reads numbers such as "1.5" or "-3" as years; an HTTP date begins with the name of a day.
  if (!/^[A-Za-z]{3,9},? /.test(value)) return undefined;
  const date = Date.parse(value);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}
