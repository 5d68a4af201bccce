import type { Clock } from '../../platform/clock.ts';
import type { Disposable } from '../../platform/disposable.ts';
import { isSame, type LeaseTimes, type Ownership, type Sighting } from './ownership.ts';

export interface LeaseWatchParts {
  readonly ownership: Ownership;
  readonly clock: Clock;
  readonly times: LeaseTimes;
  /** A folder's owner has let go of it, has died, or gave no sign of life for a whole lease. */
  readonly onLapse: () => void;
}

interface Watched {
  readonly sighting: Sighting;
  /** How long it was seen unchanged, while this process was awake itself. */
  readonly unchangedMs: number;
}

/**
 * Finds out which doubtful owners are gone. Time that passed while this machine slept does not count: when several
 * wake up, each gets the time to say that it lives.
 */
export class LeaseWatch implements Disposable {
  readonly #parts: LeaseWatchParts;
  readonly #watched = new Map<string, Watched>();
  readonly #lapsed = new Map<string, Sighting>();
  #timer: Disposable | undefined;
  #lastLook = 0;
  #disposed = false;

  constructor(parts: LeaseWatchParts) {
    this.#parts = parts;
  }

  lapsed(folder: string): Sighting | undefined {
    return this.#lapsed.get(folder);
  }

  watch(folder: string, sighting: Sighting): void {
    const known = this.#watched.get(folder)?.sighting ?? this.#lapsed.get(folder);
    if (known && isSame(known, sighting)) return;
    this.#lapsed.delete(folder);
    this.#watched.set(folder, { sighting, unchangedMs: 0 });
    if (!this.#timer) this.#lastLook = this.#parts.clock.now();
    this.#wait();
  }

  forget(folder: string): void {
    this.#watched.delete(folder);
    this.#lapsed.delete(folder);
  }

  dispose(): void {
    this.#disposed = true;
    this.#timer?.dispose();
  }

  /** Often, for the first reason of all: when a window is reloaded, the old one may still be closing. */
  get #turnMs(): number {
    return this.#parts.times.leaseMs / 30;
  }

  #wait(): void {
    if (this.#disposed || this.#timer || this.#watched.size === 0) return;
    this.#timer = this.#parts.clock.after(this.#turnMs, () => {
      void this.#look().finally(() => {
        this.#timer = undefined;
        this.#wait();
      });
    });
  }

  async #look(): Promise<void> {
    const now = this.#parts.clock.now();
    const passed = now - this.#lastLook;
    this.#lastLook = now;
    const slept = passed < 0 || passed > this.#parts.times.leaseMs / 3;
    let anyLapsed = false;
    for (const [folder, { sighting, unchangedMs }] of this.#watched) {
      if (await this.#parts.ownership.isFree(folder)) {
        this.#watched.delete(folder);
        anyLapsed = true;
        continue;
      }
      const seen = await this.#parts.ownership.sight(folder);
      if (!seen || !isSame(seen, sighting)) {
        // It lives, or its owner has changed.
        this.#watched.delete(folder);
        continue;
      }
      const total = slept ? 0 : unchangedMs + passed;
      if (total < this.#parts.times.leaseMs) {
        this.#watched.set(folder, { sighting, unchangedMs: total });
        continue;
      }
      this.#watched.delete(folder);
      this.#lapsed.set(folder, sighting);
      anyLapsed = true;
    }
    if (anyLapsed && !this.#disposed) this.#parts.onLapse();
  }
}
