import type { Clock } from '../platform/clock.ts';
import type { Disposable } from '../platform/disposable.ts';

const PERIOD_MS = 10_000;
/** A busy machine runs a timer seconds late, not half a minute. */
const SLEPT_MS = 30_000;

/**
 * Tells when the machine has slept: the clock has moved on much further than a timer. Timers do not run down during
 * sleep, so a heartbeat's own would notice only up to a minute after the lid was opened.
 */
export class WakeWatch implements Disposable {
  readonly #clock: Clock;
  readonly #onWake: (sleptMs: number) => void;
  #timer: Disposable | undefined;

  constructor(clock: Clock, onWake: (sleptMs: number) => void) {
    this.#clock = clock;
    this.#onWake = onWake;
  }

  start(): void {
    if (!this.#timer) this.#wait();
  }

  dispose(): void {
    this.#timer?.dispose();
    this.#timer = undefined;
  }

  #wait(): void {
    const due = this.#clock.now() + PERIOD_MS;
    this.#timer = this.#clock.after(PERIOD_MS, () => {
      const late = this.#clock.now() - due;
      this.#wait();
      if (late > SLEPT_MS) this.#onWake(late);
    });
  }
}
