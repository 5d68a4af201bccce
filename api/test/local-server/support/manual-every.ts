import type { Every } from '../../../src/common/every.ts';
import type { FakeClock } from '../../support/fake-clock.ts';

interface Timer {
  readonly pauseMs: number;
  readonly work: () => void;
  due: number;
}

/** Intervals that go by the clock of the test. */
export class ManualEvery {
  readonly #clock: FakeClock;
  readonly #timers = new Set<Timer>();

  constructor(clock: FakeClock) {
    this.#clock = clock;
  }

  readonly every: Every = (pauseMs, work) => {
    const timer = { pauseMs, work, due: this.#now() + pauseMs };
    this.#timers.add(timer);
    return { stop: () => this.#timers.delete(timer) };
  };

  get timers(): number {
    return this.#timers.size;
  }

  /** Time passes, and each turn comes when it is due. */
  advance(milliseconds: number): void {
    const end = this.#now() + milliseconds;
    for (let timer = this.#next(end); timer; timer = this.#next(end)) {
      this.#clock.advance(timer.due - this.#now());
      this.#turn(timer);
    }
    this.#clock.advance(end - this.#now());
  }

  /** Time passes while nothing runs; what fell due meanwhile has one turn after it. */
  sleep(milliseconds: number): void {
    this.#clock.advance(milliseconds);
    for (const timer of this.#timers) if (timer.due <= this.#now()) this.#turn(timer);
  }

  #turn(timer: Timer): void {
    timer.due = this.#now() + timer.pauseMs;
    timer.work();
  }

  #next(end: number): Timer | undefined {
    return [...this.#timers].filter(({ due }) => due <= end).sort((one, other) => one.due - other.due)[0];
  }

  #now(): number {
    return this.#clock.now().getTime();
  }
}
