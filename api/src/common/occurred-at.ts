import { LIMITS } from '@claude-projects/shared/contract';
import { validationError } from './domain-error.ts';

/** When a reported event happened: now, unless the report dates it. A clock that runs a little ahead means now. */
export function occurredAt(reported: string | undefined, now: Date): Date {
  if (reported === undefined) return now;
  const at = new Date(reported);
  // Below the year 0, which an offset can reach, a time has no spelling that a reply could give.
  if (at.getTime() < 0) throw validationError([{ field: 'occurred_at', message: 'must not lie before 1970' }]);
  if (at.getTime() - now.getTime() > LIMITS.futureToleranceMs) {
    throw validationError([{ field: 'occurred_at', message: 'must not lie more than 5 minutes in the future' }]);
  }
  return at < now ? at : now;
}

export function later(one: Date, other: Date): Date {
  return one > other ? one : other;
}
