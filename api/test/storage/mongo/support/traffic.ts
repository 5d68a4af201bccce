import { Transform } from 'node:stream';

/** What flows through all connections of a proxy: freely, late, or not at all. */
export class Traffic {
  #delayMs = 0;
  #isHanging = false;
  readonly #held = new Set<() => void>();
  readonly #timers = new Set<NodeJS.Timeout>();

  /** One for each direction of each connection. */
  gate(): Transform {
    return new Transform({
      transform: (chunk: Buffer, _encoding, done) => {
        this.#whenItMay(() => done(null, chunk));
      },
    });
  }

  hang(): void {
    this.#isHanging = true;
  }

  slow(milliseconds: number): void {
    this.#delayMs = milliseconds;
  }

  /** Freely from now on, and whatever is held up first. */
  flow(): void {
    this.#isHanging = false;
    this.#delayMs = 0;
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
    const held = [...this.#held];
    this.#held.clear();
    for (const pass of held) pass();
  }

  #whenItMay(pass: () => void): void {
    if (!this.#isHanging && this.#delayMs === 0) {
      pass();
      return;
    }
    this.#held.add(pass);
    if (this.#isHanging) return;
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      if (this.#held.delete(pass)) pass();
    }, this.#delayMs);
    this.#timers.add(timer);
  }
}
