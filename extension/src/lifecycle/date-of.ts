import type { Clock } from '../platform/clock.ts';

/** What is reported late is dated when it happened, but nothing has happened in the future: a clock was put back. */
export function dateOf(clock: Pick<Clock, 'now'>, at = Number.POSITIVE_INFINITY): string {
  return new Date(Math.max(0, Math.min(at, clock.now()))).toISOString();
}
