import * as z from 'zod/mini';
import { Timestamp } from './primitives.ts';

/**
 * Every code the API answers with, its HTTP status and what it means. Codes are stable: programs branch on
 * them, never on the message.
 */
export const ERRORS = {
  VALIDATION_FAILED: { status: 400, meaning: 'A field is missing, malformed or unknown; `details` names each.' },
  INVALID_JSON: { status: 400, meaning: 'The body is not JSON.' },
  INVALID_STATE: { status: 400, meaning: 'The session is in a state in which this cannot be done.' },
  UNKNOWN_SESSION: { status: 400, meaning: 'The body names a session that does not exist.' },
  API_KEY_REQUIRED: { status: 401, meaning: 'No API key was sent.' },
  API_KEY_MALFORMED: { status: 401, meaning: 'The API key is not shaped like a UUID v4.' },
  API_KEY_INVALID: { status: 401, meaning: 'The API key is not one of the configured ones.' },
  ROUTE_NOT_FOUND: { status: 404, meaning: 'There is no such path, or not with this method.' },
  SESSION_NOT_FOUND: { status: 404, meaning: 'No session has this id.' },
  TASK_NOT_FOUND: { status: 404, meaning: 'No task has this id.' },
  MACHINE_NOT_FOUND: { status: 404, meaning: 'No machine has this id.' },
  ACTIVE_SESSION_EXISTS: {
    status: 409,
    meaning: 'A live session holds this place; `conflicting_session_id` names it.',
  },
  INVALID_TRANSITION: { status: 409, meaning: 'The state machine has no such step from the present state.' },
  SESSION_ENDED: {
    status: 409,
    meaning: 'The session is over; `successor_session_id` names the one that continues it, if any.',
  },
  NOT_RECOVERABLE: { status: 409, meaning: 'The session is alive, or it ended well: there is nothing to recover.' },
  RECOVERY_LIMIT_REACHED: {
    status: 409,
    meaning: 'The lineage was recovered as often as is allowed; `force: true` overrides.',
  },
  ID_REUSED: { status: 409, meaning: 'A record with this client-made id exists with other content.' },
  MACHINE_IN_USE: { status: 409, meaning: 'The machine still has live sessions.' },
  PAYLOAD_TOO_LARGE: { status: 413, meaning: 'The body is larger than 1 MiB.' },
  URI_TOO_LONG: { status: 414, meaning: 'The path is too long.' },
  UNSUPPORTED_MEDIA_TYPE: { status: 415, meaning: 'The body is not application/json.' },
  RATE_LIMITED: { status: 429, meaning: 'Too many requests in this minute; `Retry-After` says when to come back.' },
  BAD_REQUEST: { status: 400, meaning: 'The request is not well-formed HTTP.' },
  INTERNAL_ERROR: { status: 500, meaning: 'A fault of the server; the request id finds it in the log.' },
  DATABASE_UNAVAILABLE: { status: 503, meaning: 'The database cannot be reached; try again after `Retry-After`.' },
  REQUEST_TIMEOUT: { status: 504, meaning: 'The request took longer than the server allows.' },
} as const satisfies Record<string, { status: number; meaning: string }>;

export type ErrorCode = keyof typeof ERRORS;

function isErrorCode(value: string): value is ErrorCode {
  return Object.hasOwn(ERRORS, value);
}

export const ERROR_CODES: readonly ErrorCode[] = Object.keys(ERRORS).filter(isErrorCode);

export const ErrorCode = z.enum(ERROR_CODES).check(z.meta({ id: 'ErrorCode' }));

/** The exact sentences of a 401: integrators compare them by eye. */
export const AUTHENTICATION_MESSAGES = {
  API_KEY_REQUIRED: 'API key required',
  API_KEY_MALFORMED: 'Malformed API key',
  API_KEY_INVALID: 'Invalid API key',
} as const satisfies Partial<Record<ErrorCode, string>>;

export const ErrorDetail = z
  .object({
    field: z.string().check(z.meta({ description: 'The path of the field, as in `metadata.owner`.' })),
    message: z.string(),
  })
  .check(z.meta({ id: 'ErrorDetail' }));
export type ErrorDetail = z.output<typeof ErrorDetail>;

export const ErrorReply = z
  .object({
    statusCode: z.int(),
    error: z.string().check(z.meta({ description: 'The name of the status, as in "Not Found".' })),
    code: ErrorCode,
    message: z.string(),
    timestamp: Timestamp,
    path: z.string(),
    request_id: z.string(),
    details: z.optional(z.array(ErrorDetail)),
    conflicting_session_id: z.optional(z.string()),
    successor_session_id: z.optional(z.string()),
  })
  .check(z.meta({ id: 'ErrorReply', description: 'The body of every reply that is not a 2xx or a 304.' }));
export type ErrorReply = z.output<typeof ErrorReply>;
