interface Waiting {
  readonly until: number;
}

/**
 * Tells of each item that was not deleted within the limit. As all have the same limit, the oldest is always the
 * next to expire: one timer serves any number of them, and adding one costs a map entry and no timer of its own.
 * Goes by elapsed time, not by the time of day. Owns its timer; whoever makes one disposes it.
 */
export class Deadlines<Item extends object> {
  readonly #waiting = new Map<Item, Waiting>();
  readonly #limitMs: number;
  readonly #expired: (item: Item) => void;
  #timer: NodeJS.Timeout | undefined;

  constructor(limitMs: number, expired: (item: Item) => void) {
    this.#limitMs = limitMs;
    this.#expired = expired;
  }

  get size(): number {
    return this.#waiting.size;
  }

  add(item: Item): void {
    this.#waiting.set(item, { until: performance.now() + this.#limitMs });
    if (this.#timer === undefined) this.#wakeAfter(this.#limitMs);
  }

  /** In time; does nothing where it has expired. */
  delete(item: Item): void {
    this.#waiting.delete(item);
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#waiting.clear();
  }

  #wakeAfter(milliseconds: number): void {
    // Whatever is waited for holds the process itself, or nothing does.
    this.#timer = setTimeout(() => this.#sweep(), milliseconds).unref();
  }

  #sweep(): void {
    this.#timer = undefined;
    const now = performance.now();
    const late: Item[] = [];
    for (const [item, { until }] of this.#waiting) {
      if (until > now) {
        this.#wakeAfter(Math.ceil(until - now));
        break;
      }
      this.#waiting.delete(item);
      late.push(item);
    }
    // Last, because what it causes may add items of its own.
    for (const item of late) this.#expired(item);
  }
}
