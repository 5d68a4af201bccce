export type { ClientAdapter } from './adapter.ts';
export type {
  CallOptions,
  ConditionalCallOptions,
  ConditionalReply,
  RetryOption,
} from './call-options.ts';
export { StateTrackingApiClient } from './client.ts';
export { type ClientOptions, DEFAULT_TIMEOUT_MS } from './client-options.ts';
export { type ApiErrorCode, LOCAL_ERRORS, type LocalErrorCode } from './error-codes.ts';
export {
  AbortedError,
  ApiError,
  type ApiErrorFields,
  AuthenticationError,
  ConflictError,
  ContractError,
  NotFoundError,
  RateLimitedError,
  type RetryableErrorFields,
  TimeoutError,
  UnavailableError,
} from './errors.ts';
export type * from './inputs.ts';
export type { ClientLogger, LogFields } from './logger.ts';
export type * from './records.ts';
export { DEFAULT_RETRY_POLICY, type RetryPolicy } from './retry-policy.ts';
export { UNKNOWN, type Unknown } from './tolerant.ts';
export { CLIENT_VERSION } from './version.ts';
