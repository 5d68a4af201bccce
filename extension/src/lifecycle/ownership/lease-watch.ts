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
  /** It has given a sign of life: a window of its own, and not one that was closing. */
  readonly lives: boolean;
  /** It was seen once that it can be taken. */
  readonly free: boolean;
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
    this.#watched.set(folder, { sighting, unchangedMs: 0, lives: false, free: false });
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

  /**
   * Often, for the first reason of all: when a window is reloaded, the old one may still be closing. Seldom, where
   * all that is watched belongs to windows that are open.
   */
  get #turnMs(): number {
    const { leaseMs } = this.#parts.times;
    return [...this.#watched.values()].every(({ lives }) => lives) ? leaseMs / 6 : leaseMs / 30;
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
    for (const [folder, watched] of this.#watched) {
      const next = await this.#lookAt(folder, watched, slept ? undefined : passed);
      // It was taken meanwhile, or is watched anew.
      if (this.#watched.get(folder) !== watched) continue;
      if (next && next !== 'lapsed') this.#watched.set(folder, next);
      else this.#watched.delete(folder);
      if (next !== 'lapsed') continue;
      this.#lapsed.set(folder, watched.sighting);
      anyLapsed = true;
    }
    if (anyLapsed && !this.#disposed) this.#parts.onLapse();
  }

  /** Undefined where nothing is left to be watched. `passedMs`: while this process was awake. */
  async #lookAt(folder: string, watched: Watched, passedMs?: number): Promise<Watched | 'lapsed' | undefined> {
    const { ownership, times } = this.#parts;
    if (await ownership.isFree(folder)) {
      // The window that has let go of it may only be reloading: then it comes first.
      return watched.lives && !watched.free ? { ...watched, free: true } : 'lapsed';
    }
    const sighting = await ownership.sight(folder);
    if (!sighting) return undefined;
    // It lives, or its owner has changed. It may still die, or leave, while this window goes on.
    if (!isSame(sighting, watched.sighting)) return { sighting, unchangedMs: 0, lives: true, free: false };
    const unchangedMs = passedMs === undefined ? 0 : watched.unchangedMs + passedMs;
    return unchangedMs < times.leaseMs ? { ...watched, unchangedMs } : 'lapsed';
  }
}
