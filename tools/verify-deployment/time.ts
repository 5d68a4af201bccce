import { setTimeout as wait } from 'node:timers/promises';

/** Time as a run sees it. */
export interface Time {
  today(): Date;
  /** Only ever goes forward, in milliseconds. */
  nowMs(): number;
  /** Rejects as soon as the signal aborts. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

export const systemTime: Time = {
  today: () => new Date(),
  nowMs: () => performance.now(),
  sleep: (ms, signal) => wait(ms, undefined, { signal }),
};

/** As in "4 min 12 s". */
export function describeDuration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 10) return `${(ms / 1000).toFixed(1)} s`;
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}
