import type { Random } from './random.ts';

export interface Backoff {
  readonly firstMs: number;
  readonly capMs: number;
}

/** Doubles with each failure up to the cap. The jitter keeps many windows from coming back in one moment. */
export function backoffMs({ firstMs, capMs }: Backoff, failures: number, random: Random): number {
  const full = Math.min(capMs, firstMs * 2 ** Math.min(failures - 1, 30));
  return Math.round(full * (0.75 + random.fraction() * 0.25));
}
