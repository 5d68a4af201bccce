import { type Clock, pause } from '../platform/clock.ts';
import type { Disposable } from '../platform/disposable.ts';

export type BeatOutcome =
  /** It arrived. */
  | 'taken'
  /** There is nothing to say now. */
  | 'unneeded'
  /** It may arrive if it is sent again soon. */
  | 'lost'
  /** The server asked to be left alone for so long. */
  | { readonly retryInMs: number }
  /** Sending it again soon is no use; the next one may fare better. */
  | 'refused';

export interface HeartbeatLoopParts {
  readonly clock: Clock;
  /** Asked before each turn: a setting may have changed. */
  readonly intervalMs: () => number;
  /** Never rejects. The signal cuts it off. */
  readonly beat: (signal: AbortSignal) => Promise<BeatOutcome>;
  /** All tries of one beat failed. */
  readonly onMissed: () => void;
}

const CUT_OFF_MS = 10_000;
/** Three more tries within half a minute: the server calls a session stalled after three. */
const RETRY_AFTER_MS = [2_000, 4_000, 8_000];

/** However often one is asked for: all sessions of a key share what its limit allows. */
const LEAST_PAUSE_MS = 1_000;

/** Beats on a fixed grid, so that delays do not add up. Never two beats at a time. */
export class HeartbeatLoop implements Disposable {
  readonly #parts: HeartbeatLoopParts;
  readonly #ended = new AbortController();
  #timer: Disposable | undefined;
  #due = 0;
  #takenAt = Number.NEGATIVE_INFINITY;
  #beating = false;
  #again = false;

  constructor(parts: HeartbeatLoopParts) {
    this.#parts = parts;
  }

  /** The first beat comes after one interval: whoever starts the loop has just been heard of. */
  start(): void {
    this.#due = this.#parts.clock.now();
    this.#wait();
  }

  /** Beats without waiting for the next turn, and begins a new grid from here. */
  beatNow(): void {
    if (this.#timer === undefined || this.#ended.signal.aborted) return;
    const now = this.#parts.clock.now();
    const tooSoonMs = Math.min(this.#takenAt + LEAST_PAUSE_MS - now, LEAST_PAUSE_MS);
    if (tooSoonMs > 0) {
      this.#waitFor(now + tooSoonMs);
    } else {
      this.#due = now;
      this.#wait();
      this.#beat();
    }
  }

  dispose(): void {
    this.#ended.abort();
    this.#timer?.dispose();
  }

  #wait(): void {
    const { clock } = this.#parts;
    const intervalMs = this.#parts.intervalMs();
    const now = clock.now();
    // Turns that passed while the machine slept are not made up for.
    do this.#due += intervalMs;
    while (this.#due <= now);
    // Somebody has set the clock back: the turn is not to wait until it is that late again.
    this.#waitFor(Math.min(this.#due, now + intervalMs));
  }

  #waitFor(due: number): void {
    const { clock } = this.#parts;
    this.#timer?.dispose();
    this.#due = due;
    this.#timer = clock.after(due - clock.now(), () => {
      this.#wait();
      this.#beat();
    });
  }

  #beat(): void {
    if (this.#beating) {
      this.#again = true;
      return;
    }
    this.#beating = true;
    void this.#deliver().finally(() => {
      this.#beating = false;
      if (this.#again && !this.#ended.signal.aborted) {
        this.#again = false;
        this.#beat();
      }
    });
  }

  async #deliver(): Promise<void> {
    for (const wait of [...RETRY_AFTER_MS, undefined]) {
      // What is to be said is read at each try, so a beat that was asked for meanwhile has been said.
      this.#again = false;
      const outcome = await this.#try();
      if (outcome === 'taken') this.#takenAt = this.#parts.clock.now();
      if (this.#ended.signal.aborted || outcome === 'taken' || outcome === 'unneeded') return;
      if (outcome === 'refused' || wait === undefined) break;
      const asked = outcome === 'lost' ? 0 : outcome.retryInMs;
      // The next turn is sooner.
      if (asked >= this.#parts.intervalMs()) break;
      await pause(this.#parts.clock, Math.max(wait, asked), this.#ended.signal);
      if (this.#ended.signal.aborted) return;
    }
    this.#parts.onMissed();
  }

  async #try(): Promise<BeatOutcome> {
    const cutOff = new AbortController();
    const end = () => cutOff.abort();
    const timer = this.#parts.clock.after(CUT_OFF_MS, end);
    this.#ended.signal.addEventListener('abort', end);
    try {
      return await this.#parts.beat(cutOff.signal);
    } finally {
      timer.dispose();
      this.#ended.signal.removeEventListener('abort', end);
    }
  }
}
