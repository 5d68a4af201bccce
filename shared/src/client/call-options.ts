import { checkedRetryPolicy, checkedSignal, checkedTimeout } from './option-checks.ts';
import type { RetryPolicy } from './retry-policy.ts';

/** A number is short for `{ attempts }`; what is left out keeps its default. */
export type RetryOption = number | Partial<RetryPolicy>;

/** What one call does differently from the rest. */
export interface CallOptions {
  /** Ends this call, also while it waits to try again. */
  signal?: AbortSignal | undefined;
  /** For each try; the waits between tries don't count. */
  timeoutMs?: number | undefined;
  retries?: RetryOption | undefined;
}

/** For listings that answer "not modified": the etag of the reply at hand, null if there is none yet. */
export interface ConditionalCallOptions extends CallOptions {
  etag: string | null;
}

/** A listing that was asked for with an etag: either nothing changed, or here is what is there now. */
export type ConditionalReply<T> =
  | { readonly notModified: true; readonly etag: string }
  | {
      readonly notModified: false;
      readonly etag: string | null;
      readonly data: T;
      /** How many records of the listing were left out, because this client cannot read them. */
      readonly unreadable: number;
    };

export interface CallSettings {
  readonly signal: AbortSignal | undefined;
  readonly timeoutMs: number;
  readonly retries: RetryPolicy;
}

/** The client's settings with this call's in their place; throws on a wrong value, naming it. */
export function callSettings(options: CallOptions | undefined, defaults: CallSettings): CallSettings {
  return {
    signal: checkedSignal(options?.signal),
    timeoutMs: checkedTimeout(options?.timeoutMs, defaults.timeoutMs),
    retries: checkedRetryPolicy(options?.retries, defaults.retries),
  };
}
