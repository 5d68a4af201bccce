import { backoffMs } from '../platform/backoff.ts';
import type { Clock } from '../platform/clock.ts';
import type { Random } from '../platform/random.ts';

const HEALTHY_AFTER_MS = 60_000;
export const LONGEST_PAUSE_MS = 30_000;
const PAUSES = { firstMs: 1000, capMs: LONGEST_PAUSE_MS };

/** How long to wait before the server is started again: not at all at first, then longer with each failure. */
export class Restarts {
  readonly #clock: Clock;
  readonly #random: Random;
  #failures = 0;
  #runningSince: number | undefined;

  constructor(clock: Clock, random: Random) {
    this.#clock = clock;
    this.#random = random;
  }

  running(): void {
    this.#runningSince = this.#clock.now();
  }

  /** The pause before the next try. */
  failed(): number {
    const wasHealthy = this.#runningSince !== undefined && this.#clock.now() - this.#runningSince >= HEALTHY_AFTER_MS;
    if (wasHealthy) this.#failures = 0;
    this.#runningSince = undefined;
    const pauseMs = this.#failures === 0 ? 0 : backoffMs(PAUSES, this.#failures, this.#random);
    this.#failures += 1;
    return pauseMs;
  }

  reset(): void {
    this.#failures = 0;
    this.#runningSince = undefined;
  }
}
