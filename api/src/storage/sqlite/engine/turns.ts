/**
 * A fair lock: whoever came first goes first. It keeps everybody else out of an open transaction, which lives
 * across awaits on a connection that all share.
 */
export class Turns {
  #held = false;
  readonly #waiting: (() => void)[] = [];

  /** Something that is over when it returns: at once where nothing is open. */
  async once<T>(work: () => T): Promise<T> {
    return this.#held ? this.hold(work) : work();
  }

  /** Something that lasts: nobody else gets a turn until it has settled. */
  async hold<T>(work: () => T | Promise<T>): Promise<T> {
    if (this.#held) await this.#handedOver();
    this.#held = true;
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      // With somebody waiting it stays held, or a newcomer could slip in before the one who is next wakes up.
      if (next) next();
      else this.#held = false;
    }
  }

  #handedOver(): Promise<void> {
    return new Promise((resolve) => this.#waiting.push(resolve));
  }
}
