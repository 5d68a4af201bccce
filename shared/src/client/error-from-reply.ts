import * as z from 'zod/mini';
import { ErrorCode, ErrorReply } from '../contract/errors.ts';
import { type CallContext, callName } from './call-context.ts';
import { contractError } from './contract-error.ts';
import {
  ApiError,
  AuthenticationError,
  ConflictError,
  NotFoundError,
  RateLimitedError,
  UnavailableError,
} from './errors.ts';
import { jsonOf, type RawReply } from './raw-reply.ts';
import { parseRetryAfter } from './retry-policy.ts';
import { type Received, readTolerantly } from './tolerant.ts';

/** A newer server may send codes this client has never heard of; the status still tells what kind of error it is. */
const AnyErrorReply = z.object({ ...ErrorReply.shape, code: z.string() });
type AnyErrorReply = Received<typeof AnyErrorReply>;

/** All that AWS' API gateway says when the function behind it dies. */
const GatewayReply = z.object({ message: z.string() });

/** The error that a reply with an unwelcome status stands for. */
export function errorFromReply(context: CallContext, reply: RawReply, now: number): ApiError {
  if (reply.status >= 400) {
    const json = jsonOf(reply.text);
    const reading = readTolerantly(AnyErrorReply, json);
    if ('data' in reading) return errorOf(context, reply, reading.data, now);
    if (isFromGateway(reply.status, json)) return gatewayError(context, reply, now);
    return contractError(context, reply, 'it has none of the fields of an error reply');
  }
  if (reply.status >= 300) return contractError(context, reply, 'redirects are not followed');
  return contractError(context, reply, 'this request is never answered with this status');
}

function errorOf(context: CallContext, reply: RawReply, body: AnyErrorReply, now: number): ApiError {
  const { redact } = context;
  const known = ErrorCode.safeParse(body.code);
  const message = redact(body.message);
  const fields = {
    code: known.success ? known.data : ('UNRECOGNIZED_ERROR' as const),
    serverCode: known.success ? undefined : redact(body.code),
    status: reply.status,
    requestId: redact(body.request_id),
    details: body.details?.map((detail) => ({ field: redact(detail.field), message: redact(detail.message) })),
  };
  const retryAfterMs = parseRetryAfter(reply.retryAfter, now);
  switch (reply.status) {
    case 401:
      return new AuthenticationError(message, fields);
    case 404:
      return new NotFoundError(message, fields);
    case 409:
      return new ConflictError(message, {
        ...fields,
        conflictingSessionId: redactIfAny(context, body.conflicting_session_id),
        successorSessionId: redactIfAny(context, body.successor_session_id),
      });
    case 429:
      return new RateLimitedError(message, { ...fields, retryAfterMs });
    case 502:
    case 503:
    case 504:
      return new UnavailableError(message, { ...fields, retryAfterMs });
    default:
      return new ApiError(message, fields);
  }
}

/** Proxies and gateways answer these in their own words; what the status says holds all the same. */
function isFromGateway(status: number, json: unknown): boolean {
  if (status === 429 || status === 502 || status === 503 || status === 504) return true;
  return status === 500 && GatewayReply.safeParse(json).success;
}

function gatewayError(context: CallContext, reply: RawReply, now: number): ApiError {
  const fields = {
    status: reply.status,
    requestId: context.redact(reply.requestId ?? context.requestId),
    retryAfterMs: parseRetryAfter(reply.retryAfter, now),
  };
  if (reply.status === 429) {
    return new RateLimitedError(`${callName(context)}: too many requests`, { code: 'RATE_LIMITED', ...fields });
  }
  return new UnavailableError(
    `${callName(context)}: a proxy or gateway in front of the API answered with status ${reply.status}`,
    { code: 'GATEWAY_ERROR', ...fields },
  );
}

function redactIfAny(context: CallContext, text: string | undefined): string | undefined {
  return text === undefined ? undefined : context.redact(text);
}
