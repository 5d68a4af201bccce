import type { Clock } from '../platform/clock.ts';

const CLOCK_WAS_SET_MS = 3 * 60_000;

/** The present as the server sees it, as far as can be told: never before the latest moment it has named. */
export class ServerTime {
  readonly #clock: Pick<Clock, 'now'>;
  #aheadMs = 0;
  #latest = '';

  constructor(clock: Pick<Clock, 'now'>) {
    this.#clock = clock;
  }

  now(): number {
    return this.#clock.now() + this.#aheadMs;
  }

  /** A moment that it named; of interest where it is later than those before. */
  learn(latest: string): void {
    if (latest <= this.#latest) return;
    this.#latest = latest;
    const aheadMs = Math.max(0, Date.parse(latest) - this.#clock.now());
    // Much less than before: somebody has set the clock right.
    const isSetRight = this.#aheadMs - aheadMs > CLOCK_WAS_SET_MS;
    if (aheadMs > this.#aheadMs || isSetRight) this.#aheadMs = aheadMs;
  }

  /** Another server has another clock. */
  reset(): void {
    this.#aheadMs = 0;
    this.#latest = '';
  }
}
