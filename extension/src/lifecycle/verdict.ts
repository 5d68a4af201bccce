import {
  ApiError,
  AuthenticationError,
  ConflictError,
  NotFoundError,
  RateLimitedError,
} from '@claude-projects/shared/client';
import { requestedWaitMs } from '../connection/requested-wait.ts';
import type { BeatOutcome } from './heartbeat-loop.ts';

/** What a refusal says of the session that reported something. */
export type Verdict =
  /** The session is over; somebody ended, deleted or recovered it. */
  | { readonly kind: 'over'; readonly successorSessionId: string | undefined }
  | { readonly kind: 'place-taken' }
  /** It says nothing of the session. */
  | { readonly kind: 'unheard'; readonly reason: string; readonly retry: BeatOutcome };

export function verdictOf(error: unknown): Verdict {
  if (error instanceof ConflictError && error.code === 'SESSION_ENDED') {
    return { kind: 'over', successorSessionId: error.successorSessionId };
  }
  if (error instanceof NotFoundError && error.code === 'SESSION_NOT_FOUND') {
    return { kind: 'over', successorSessionId: undefined };
  }
  if (error instanceof ConflictError && error.code === 'ACTIVE_SESSION_EXISTS') {
    return { kind: 'place-taken' };
  }
  const reason = error instanceof ApiError ? `${error.message} [${error.requestId ?? 'no request id'}]` : String(error);
  return { kind: 'unheard', reason, retry: retryOf(error) };
}

/**
 * Who comes back when a limit asks for it is heard in each minute: the next turn falls into the same part of it, when
 * others have used it up.
 */
function retryOf(error: unknown): BeatOutcome {
  if (!(error instanceof ApiError) || error instanceof AuthenticationError) return 'refused';
  if (error instanceof RateLimitedError) return { retryInMs: requestedWaitMs(error) };
  return error.status === undefined || error.status >= 500 ? 'lost' : 'refused';
}
