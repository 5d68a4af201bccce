import { STATUS_CODES } from 'node:http';
import { ERRORS, type ErrorCode, type ErrorReply, HEADERS } from '@claude-projects/shared/contract';
import { HttpException } from '@nestjs/common';
import { DomainError } from '../common/domain-error.ts';
import { CircuitOpenError, StorageTimeoutError, StorageUnavailableError } from '../storage/storage-errors.ts';

export interface RefusedRequest {
  path: string;
  requestId: string;
  at: Date;
}

/** How long a caller should wait before it asks a database again that could not be reached. */
const DATABASE_RETRY_AFTER_SECONDS = 5;

const CODE_OF_HTTP_STATUS: Readonly<Record<number, ErrorCode>> = {
  404: 'ROUTE_NOT_FOUND',
  413: 'PAYLOAD_TOO_LARGE',
  414: 'URI_TOO_LONG',
  415: 'UNSUPPORTED_MEDIA_TYPE',
  503: 'DATABASE_UNAVAILABLE',
  504: 'REQUEST_TIMEOUT',
};

export interface RefusalReply {
  body: ErrorReply;
  headers: Record<string, string>;
  /** True for faults of ours: they are logged with their stack, and the caller learns no more than the id. */
  unexpected: boolean;
}

export function refusalOf(error: unknown, request: RefusedRequest): RefusalReply {
  if (error instanceof DomainError) {
    return {
      body: { ...replyBody(error.code, error.message, request), ...error.context },
      headers: {},
      unexpected: false,
    };
  }
  if (error instanceof StorageUnavailableError) return databaseRefusal(error, request);
  const status = clientFaultStatus(error);
  if (status !== undefined) {
    const code = CODE_OF_HTTP_STATUS[status] ?? 'BAD_REQUEST';
    return { body: replyBody(code, ERRORS[code].meaning, request), headers: {}, unexpected: false };
  }
  return {
    body: replyBody('INTERNAL_ERROR', 'Something went wrong on our side. The request id finds it in the log.', request),
    headers: {},
    unexpected: true,
  };
}

function databaseRefusal(error: StorageUnavailableError, request: RefusedRequest): RefusalReply {
  if (error instanceof CircuitOpenError) {
    const seconds = Math.max(1, Math.ceil(error.retryAfterMs / 1000));
    const message = `The database failed too often and its circuit is open. Try again in ${seconds} s.`;
    return {
      body: replyBody('DATABASE_UNAVAILABLE', message, request),
      headers: { [HEADERS.retryAfter]: String(seconds) },
      // What opened it is in the log; thousands of stacks of those who were turned away would only bury that.
      unexpected: false,
    };
  }
  if (error instanceof StorageTimeoutError) {
    const message = 'The database did not answer in time. What was asked may have been done all the same.';
    return { body: replyBody('REQUEST_TIMEOUT', message, request), headers: {}, unexpected: true };
  }
  return {
    body: replyBody('DATABASE_UNAVAILABLE', 'The database cannot be reached just now. Try again shortly.', request),
    headers: { [HEADERS.retryAfter]: String(DATABASE_RETRY_AFTER_SECONDS) },
    unexpected: true,
  };
}

/** The 4xx that the HTTP layer decided on by itself: unknown route, too large, wrong type, malformed. */
function clientFaultStatus(error: unknown): number | undefined {
  const status = error instanceof HttpException ? error.getStatus() : statusCodeOf(error);
  return status !== undefined && status >= 400 && status < 500 ? status : undefined;
}

function statusCodeOf(error: unknown): number | undefined {
  if (typeof error !== 'object' || error === null || !('statusCode' in error)) return undefined;
  return typeof error.statusCode === 'number' ? error.statusCode : undefined;
}

function replyBody(code: ErrorCode, message: string, { path, requestId, at }: RefusedRequest): ErrorReply {
  const statusCode = ERRORS[code].status;
  return {
    statusCode,
    error: STATUS_CODES[statusCode] ?? 'Error',
    code,
    message,
    timestamp: at.toISOString(),
    path,
    request_id: requestId,
  };
}
