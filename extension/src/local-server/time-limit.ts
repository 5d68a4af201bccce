import type { Clock } from '../platform/clock.ts';
import type { Disposable } from '../platform/disposable.ts';

/** Aborts when the time is up, or when the given signal does. To be disposed of when the work is done. */
export function timeLimit(
  clock: Clock,
  milliseconds: number,
  signal: AbortSignal,
): Disposable & { readonly signal: AbortSignal } {
  const controller = new AbortController();
  const timer = clock.after(milliseconds, () => controller.abort());
  return { signal: AbortSignal.any([signal, controller.signal]), dispose: () => timer.dispose() };
}
