import {
  ApiError,
  AuthenticationError,
  ConflictError,
  NotFoundError,
  RateLimitedError,
} from '@claude-projects/shared/client';

/** What a refusal says of the session that reported something. */
export type Verdict =
  /** The session is over; somebody ended, deleted or recovered it. */
  | { readonly kind: 'over'; readonly successorSessionId: string | undefined }
  | { readonly kind: 'place-taken'; readonly by: string | undefined }
  /** It says nothing of the session. */
  | { readonly kind: 'unheard'; readonly reason: string; readonly mayRetry: boolean };

export function verdictOf(error: unknown): Verdict {
  if (error instanceof ConflictError && error.code === 'SESSION_ENDED') {
    return { kind: 'over', successorSessionId: error.successorSessionId };
  }
  if (error instanceof NotFoundError && error.code === 'SESSION_NOT_FOUND') {
    return { kind: 'over', successorSessionId: undefined };
  }
  if (error instanceof ConflictError && error.code === 'ACTIVE_SESSION_EXISTS') {
    return { kind: 'place-taken', by: error.conflictingSessionId };
  }
  const reason = error instanceof ApiError ? `${error.message} [${error.requestId ?? 'no request id'}]` : String(error);
  return { kind: 'unheard', reason, mayRetry: mayRetrySoon(error) };
}

function mayRetrySoon(error: unknown): boolean {
  if (!(error instanceof ApiError)) return false;
  if (error instanceof AuthenticationError || error instanceof RateLimitedError) return false;
  return error.status === undefined || error.status >= 500;
}
