/** Given for an item that is waited for; taken back when it came in time. */
export interface Deadline {
  readonly until: number;
  readonly slot: number;
}

interface Waiting<Item> extends Deadline {
  readonly item: Item;
}

/**
 * Tells of each item that was not met within the limit. As all have the same limit, one timer serves any number of
 * them. Goes by elapsed time, not by the time of day. Owns its timer; whoever makes one disposes it.
 *
 * Items wait in slots that are used again, not in a map: a map that is added to and deleted from makes itself a new
 * table every so often, and each old table refers to the next. Once the collector has moved one of them to the old
 * generation, it takes all that follow for alive, and with them the requests they held (docs/benchmarks.md).
 */
export class Deadlines<Item> {
  readonly #slots: (Waiting<Item> | undefined)[] = [];
  readonly #free: number[] = [];
  readonly #limitMs: number;
  readonly #expired: (item: Item) => void;
  #timer: NodeJS.Timeout | undefined;

  constructor(limitMs: number, expired: (item: Item) => void) {
    this.#limitMs = limitMs;
    this.#expired = expired;
  }

  /** How many are waited for. */
  get size(): number {
    return this.#slots.length - this.#free.length;
  }

  add(item: Item): Deadline {
    const slot = this.#free.pop() ?? this.#slots.length;
    const waiting = { item, until: performance.now() + this.#limitMs, slot };
    this.#slots[slot] = waiting;
    if (this.#timer === undefined) this.#wakeAfter(this.#limitMs);
    return waiting;
  }

  /** In time; does nothing where it has expired. */
  met(deadline: Deadline): void {
    const { slot } = deadline;
    // After it expired, somebody else may have its slot.
    if (this.#slots[slot] !== deadline) return;
    this.#slots[slot] = undefined;
    this.#free.push(slot);
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#slots.length = 0;
    this.#free.length = 0;
  }

  #wakeAfter(milliseconds: number): void {
    // Whatever is waited for holds the process itself, or nothing does.
    this.#timer = setTimeout(() => this.#sweep(), milliseconds).unref();
  }

  #sweep(): void {
    this.#timer = undefined;
    const now = performance.now();
    const waiting = this.#slots.filter((one) => one !== undefined).sort((one, other) => one.until - other.until);
    const late = waiting.filter(({ until }) => until <= now);
    const next = waiting[late.length];
    if (next) this.#wakeAfter(Math.ceil(next.until - now));
    for (const deadline of late) this.met(deadline);
    // Last, because what it causes may add items of its own.
    for (const { item } of late) this.#expired(item);
  }
}
