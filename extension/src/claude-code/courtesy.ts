import type { Clock } from '../platform/clock.ts';
import type { Disposable } from '../platform/disposable.ts';

interface Waiting {
  readonly dueAt: number;
  readonly timer: Disposable;
}

/** Lets others go first: what is nobody's may be taken when it still is after a while. */
export class Courtesy implements Disposable {
  readonly #clock: Clock;
  readonly #onDue: () => void;
  readonly #waiting = new Map<string, Waiting>();

  constructor(clock: Clock, onDue: () => void) {
    this.#clock = clock;
    this.#onDue = onDue;
  }

  /** Whether it was waited for that long. `onDue` is called when it is. */
  hasWaited(what: string, delayMs: number): boolean {
    const known = this.#waiting.get(what);
    if (known) return known.dueAt <= this.#clock.now();
    this.#waiting.set(what, {
      dueAt: this.#clock.now() + delayMs,
      timer: this.#clock.after(delayMs, this.#onDue),
    });
    return false;
  }

  /** Somebody took it: should it be nobody's again, it is waited for anew. */
  forget(what: string): void {
    this.#waiting.get(what)?.timer.dispose();
    this.#waiting.delete(what);
  }

  dispose(): void {
    for (const { timer } of this.#waiting.values()) timer.dispose();
    this.#waiting.clear();
  }
}
