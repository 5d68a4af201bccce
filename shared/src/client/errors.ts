import type { ErrorDetail } from '../contract/errors.ts';
import type { ApiErrorCode } from './error-codes.ts';

export interface ApiErrorFields {
  code: ApiErrorCode;
  /** What the server sent as `code`, where that is not one this client knows. */
  serverCode?: string | undefined;
  status?: number | undefined;
  requestId?: string | undefined;
  details?: readonly ErrorDetail[] | undefined;
}

/**
 * Every way in which a call that was sent can fail. Errors never carry a `cause`: the errors of the HTTP library
 * hold the request, and with it the API key.
 */
export class ApiError extends Error {
  readonly code: ApiErrorCode;
  readonly serverCode: string | undefined;
  /** Of the HTTP reply; undefined where none came. */
  readonly status: number | undefined;
  /** Finds the request in the server's log. */
  readonly requestId: string | undefined;
  readonly details: readonly ErrorDetail[];

  constructor(message: string, fields: ApiErrorFields) {
    super(message);
    this.code = fields.code;
    this.serverCode = fields.serverCode;
    this.status = fields.status;
    this.requestId = fields.requestId;
    this.details = fields.details ?? [];
  }
}

/** 401: there is no key, or the server does not know it. Calling again without another key is pointless. */
export class AuthenticationError extends ApiError {
  declare readonly name: 'AuthenticationError';
}

/** 404. */
export class NotFoundError extends ApiError {
  declare readonly name: 'NotFoundError';
}

/** 409: the present state forbids it; `code` says which rule. */
export class ConflictError extends ApiError {
  declare readonly name: 'ConflictError';
  /** The live session that holds the place. */
  readonly conflictingSessionId: string | undefined;
  /** The session that continues the one that has ended. */
  readonly successorSessionId: string | undefined;

  constructor(
    message: string,
    fields: ApiErrorFields & { conflictingSessionId?: string | undefined; successorSessionId?: string | undefined },
  ) {
    super(message, fields);
    this.conflictingSessionId = fields.conflictingSessionId;
    this.successorSessionId = fields.successorSessionId;
  }
}

export type RetryableErrorFields = ApiErrorFields & { retryAfterMs?: number | undefined };

/** 429: the server did nothing, because there were too many requests. */
export class RateLimitedError extends ApiError {
  declare readonly name: 'RateLimitedError';
  /** How long the server asked to wait, from the moment of its reply. */
  readonly retryAfterMs: number | undefined;

  constructor(message: string, fields: RetryableErrorFields) {
    super(message, fields);
    this.retryAfterMs = fields.retryAfterMs;
  }
}

/** The service can't be reached or can't serve: network failure, 502, 503, 504. Later it may. */
export class UnavailableError extends ApiError {
  declare readonly name: 'UnavailableError';
  /** How long the server asked to wait, from the moment of its reply. */
  readonly retryAfterMs: number | undefined;

  constructor(message: string, fields: RetryableErrorFields) {
    super(message, fields);
    this.retryAfterMs = fields.retryAfterMs;
  }
}

/** No complete reply came in time; whether the server acted is unknown. */
export class TimeoutError extends ApiError {
  declare readonly name: 'TimeoutError';
}

/** What answered is not a Claude Projects API, or not a compatible one. `details` names the fields at fault. */
export class ContractError extends ApiError {
  declare readonly name: 'ContractError';
}

/** A signal of the caller ended the call; whether the server acted is unknown. */
export class AbortedError extends ApiError {
  declare readonly name: 'AbortedError';
}

// Set here, not taken from the classes, so that names survive minifiers. Their types keep the classes apart, which
// would otherwise look alike to TypeScript: `instanceof` could not tell them apart in an else branch.
const CLASSES = {
  ApiError,
  AuthenticationError,
  NotFoundError,
  ConflictError,
  RateLimitedError,
  UnavailableError,
  TimeoutError,
  ContractError,
  AbortedError,
};
for (const [name, type] of Object.entries(CLASSES)) {
  Object.defineProperty(type, 'name', { value: name, configurable: true });
  Object.defineProperty(type.prototype, 'name', { value: name, configurable: true, writable: true });
}
