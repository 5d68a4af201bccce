import {
  AbortedError,
  ApiError,
  AuthenticationError,
  ContractError,
  RateLimitedError,
  TimeoutError,
  UnavailableError,
} from '@claude-projects/shared/client';
import { errorText } from '../../platform/error-text.ts';

const FORBIDDEN = 403;
const REQUEST_TIMEOUT = 408;

/** Whether the API said no to what was sent, and will say it again. Everything else says nothing of the record. */
export function isRefusal(error: ApiError): boolean {
  if (
    error instanceof AuthenticationError ||
    error instanceof RateLimitedError ||
    error instanceof UnavailableError ||
    error instanceof TimeoutError ||
    error instanceof ContractError ||
    error instanceof AbortedError
  ) {
    return false;
  }
  // An API that lacks the route is the wrong one, or too old: another may take what this one does not know.
  if (error.code === 'ROUTE_NOT_FOUND') return false;
  const { status = 0 } = error;
  // It is the key that may not write: another one may.
  if (status === FORBIDDEN) return false;
  return status >= 400 && status < 500 && status !== REQUEST_TIMEOUT;
}

/** Anything else is a fault on this side: it says nothing of the record either, so nothing is lost to it. */
export function asApiError(error: unknown): ApiError {
  return error instanceof ApiError ? error : new UnavailableError(errorText(error), { code: 'NETWORK_ERROR' });
}
