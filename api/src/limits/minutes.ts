const MINUTE_MS = 60_000;

/** Windows are the minutes of the clock: they turn for all callers, and on all instances, at once. */
export function minuteOf(nowMs: number): number {
  return Math.floor(nowMs / MINUTE_MS);
}

export function endOfMinuteMs(minute: number): number {
  return (minute + 1) * MINUTE_MS;
}
