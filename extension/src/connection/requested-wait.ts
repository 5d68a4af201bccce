import { RateLimitedError, UnavailableError } from '@claude-projects/shared/client';

/** However long a server, or a proxy before it, asks to be left alone. */
export const LONGEST_WAIT_MS = 5 * 60_000;

/** How long the API asked to be left alone; 0 where it did not. */
export function requestedWaitMs(error: unknown): number {
  const asked = error instanceof RateLimitedError || error instanceof UnavailableError ? error.retryAfterMs : undefined;
  return Math.min(asked ?? 0, LONGEST_WAIT_MS);
}
