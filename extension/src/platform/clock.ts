import type { Disposable } from './disposable.ts';

/** The only source of time; tests put a fake one in its place. */
export interface Clock {
  /** Milliseconds since the epoch. Jumps when the machine has slept, or when somebody sets its clock. */
  now(): number;
  /** Runs once when the delay is over, unless disposed of before. */
  after(delayMs: number, run: () => void): Disposable;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  after(delayMs, run) {
    const timer = setTimeout(run, delayMs);
    return { dispose: () => clearTimeout(timer) };
  },
};

/** Resolves when the delay is over, or at once when the signal aborts: what follows looks at the signal. */
export function pause(clock: Clock, delayMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const end = () => {
      timer.dispose();
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = clock.after(delayMs, end);
    signal.addEventListener('abort', end);
  });
}
