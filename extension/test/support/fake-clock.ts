import type { Clock } from '../../src/platform/clock.ts';
import type { Disposable } from '../../src/platform/disposable.ts';

interface Timer {
  due: number;
  readonly run: () => void;
}

export const SECOND = 1000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;

/** Time that moves only when a test says so. */
export class FakeClock implements Clock {
  #now = Date.parse('2026-03-01T09:00:00.000Z');
  readonly #timers = new Set<Timer>();

  now(): number {
    return this.#now;
  }

  after(delayMs: number, run: () => void): Disposable {
    const timer = { due: this.#now + delayMs, run };
    this.#timers.add(timer);
    return { dispose: () => this.#timers.delete(timer) };
  }

  get pendingTimers(): number {
    return this.#timers.size;
  }

  /** How long until the last of them runs. */
  get longestTimer(): number {
    return Math.max(0, ...Array.from(this.#timers, ({ due }) => due - this.#now));
  }

  /** Runs what falls due on the way, each at its time, with everything it sets off settled before the next. */
  async advance(milliseconds: number): Promise<void> {
    const end = this.#now + milliseconds;
    await settle();
    for (let timer = this.#next(end); timer; timer = this.#next(end)) {
      this.#timers.delete(timer);
      this.#now = Math.max(this.#now, timer.due);
      timer.run();
      await settle();
    }
    this.#now = end;
    await settle();
  }

  /** The machine sleeps: the wall clock moves on, and what fell due meanwhile runs late, when it wakes. */
  async sleep(milliseconds: number): Promise<void> {
    this.#now += milliseconds;
    await this.advance(0);
  }

  /** Somebody sets the wall clock, forward or back. Timers know nothing of it: they run down as they would have. */
  async set(byMilliseconds: number): Promise<void> {
    this.#now += byMilliseconds;
    for (const timer of this.#timers) timer.due += byMilliseconds;
    await this.advance(0);
  }

  #next(end: number): Timer | undefined {
    let next: Timer | undefined;
    for (const timer of this.#timers) {
      if (timer.due <= end && (next === undefined || timer.due < next.due)) next = timer;
    }
    return next;
  }
}

/** Lets promises that are ready run to where they wait for something real. */
export async function settle(): Promise<void> {
  await new Promise<void>((done) => setImmediate(done));
}
