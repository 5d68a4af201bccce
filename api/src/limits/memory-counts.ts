import type { Counts } from './counts.ts';

const MOST_KEYS = 100_000;

/**
 * Counts for one instance. When the minute turns all counts go at once, so nothing needs to be swept. In a minute
 * with more keys than it will hold, those that come last are not counted: refusing whom it knows nothing of would
 * let one caller shut out the others.
 */
export class MemoryCounts implements Counts {
  readonly #mostKeys: number;
  #counts = new Map<string, number>();
  #minute = 0;

  constructor(mostKeys: number = MOST_KEYS) {
    this.#mostKeys = mostKeys;
  }

  get size(): number {
    return this.#counts.size;
  }

  hit(key: string, minute: number): number {
    if (minute !== this.#minute) {
      this.#minute = minute;
      this.#counts = new Map();
    }
    const count = this.#counts.get(key);
    if (count !== undefined) {
      this.#counts.set(key, count + 1);
      return count + 1;
    }
    if (this.#counts.size < this.#mostKeys) this.#counts.set(detached(key), 1);
    return 1;
  }
}

/** A copy: an id cut from a URL would keep the whole of it in memory. */
function detached(key: string): string {
  return Buffer.from(key).toString();
}
