import type { CallContext } from './call-context.ts';
import { type ApiError, RateLimitedError, UnavailableError } from './errors.ts';
import type { ClientLogger, LogFields } from './logger.ts';
import { mayHaveActed, mayRetry, type RetryPolicy, retryDelayMs } from './retry-policy.ts';

/** The tries of one call: counts them, decides after each failure and writes it down. */
export class RetryRun {
  /** The wait that the last decision to retry asks for. */
  delayMs = 0;
  earlierTryMayHaveActed = false;
  #tries = 1;
  readonly #context: CallContext;
  readonly #policy: RetryPolicy;
  readonly #repeatable: boolean;
  readonly #logger: ClientLogger;

  constructor(context: CallContext, policy: RetryPolicy, repeatable: boolean, logger: ClientLogger) {
    this.#context = context;
    this.#policy = policy;
    this.#repeatable = repeatable;
    this.#logger = logger;
  }

  decide(failure: ApiError): boolean {
    if (!mayRetry(failure, this.#repeatable)) return false;
    const delayMs = retryDelayMs(this.#tries, retryAfterOf(failure), this.#policy, Math.random);
    if (delayMs === undefined) return false;
    this.#logger.warn('A request failed and will be tried again', { ...this.#fields(failure), delayMs });
    this.earlierTryMayHaveActed ||= mayHaveActed(failure);
    this.delayMs = delayMs;
    this.#tries += 1;
    return true;
  }

  end(failure: ApiError): void {
    this.#logger.debug('A request failed', this.#fields(failure));
  }

  #fields(failure: ApiError): LogFields {
    return {
      method: this.#context.method,
      path: this.#context.redact(this.#context.path),
      status: failure.status,
      code: failure.code,
      try: this.#tries,
      requestId: this.#context.requestId,
    };
  }
}

function retryAfterOf(failure: ApiError): number | undefined {
  return failure instanceof RateLimitedError || failure instanceof UnavailableError ? failure.retryAfterMs : undefined;
}
