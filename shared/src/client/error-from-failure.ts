import { AxiosError, isAxiosError, isCancel } from 'axios';
import { type CallContext, callName } from './call-context.ts';
import { contractError } from './contract-error.ts';
import { errorFromReply } from './error-from-reply.ts';
import { AbortedError, ApiError, TimeoutError, UnavailableError } from './errors.ts';
import { rawReply } from './raw-reply.ts';

/** Far above the largest honest listing: 200 tasks with 64 KiB of metadata each. */
export const MAX_REPLY_BYTES = 32 * 1024 * 1024;

/**
 * Our error for whatever axios threw. Nothing of axios' own is kept: its errors hold the request and its headers.
 */
export function errorFromFailure(context: CallContext, failure: unknown, timeoutMs: number, now: number): ApiError {
  if (failure instanceof ApiError) return failure;
  const { requestId } = context;
  if (isCancel(failure)) {
    return new AbortedError(`${callName(context)}: aborted by the caller`, { code: 'ABORTED', requestId });
  }
  if (isAxiosError(failure)) {
    if (failure.response) return errorFromReply(context, rawReply(failure.response), now);
    if (failure.code === AxiosError.ETIMEDOUT || failure.code === AxiosError.ECONNABORTED) {
      const message = `${callName(context)}: no complete reply within ${timeoutMs} ms`;
      return new TimeoutError(message, { code: 'TIMEOUT', requestId });
    }
    if (failure.code === AxiosError.ERR_BAD_RESPONSE) {
      return contractError(context, {}, `it is larger than ${MAX_REPLY_BYTES} bytes`);
    }
  }
  const system = systemCode(failure);
  const message = `${callName(context)}: the server cannot be reached, or the connection broke${system ? ` (${system})` : ''}`;
  return new UnavailableError(context.redact(message), { code: 'NETWORK_ERROR', requestId });
}

/** Such as ECONNREFUSED, from the innermost error that has one. For people to read, not for programs to branch on. */
function systemCode(failure: unknown, depth = 0): string | undefined {
  if (!(failure instanceof Error) || depth > 5) return undefined;
  const inner = systemCode(failure.cause, depth + 1);
  if (inner !== undefined) return inner;
  const code = 'code' in failure ? failure.code : undefined;
  // Axios' own way to say that it knows no more.
  if (code === AxiosError.ERR_NETWORK) return undefined;
  return typeof code === 'string' && /^[A-Z][A-Z0-9_]{2,40}$/.test(code) ? code : undefined;
}
