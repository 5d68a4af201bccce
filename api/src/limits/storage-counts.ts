import type { Log } from '../logging/log.ts';
import type { CounterStore } from '../storage/storage.ts';
import type { Counts } from './counts.ts';
import { endOfMinuteMs } from './minutes.ts';

export interface StorageCountsParts {
  readonly counters: CounterStore;
  readonly log: Log;
  /** Told apart in the storage by this. */
  readonly name: string;
  /** From here on it is of no use to count: a caller that was refused costs the storage nothing. */
  readonly limit: number;
}

/**
 * Counts for all instances that share a storage. Where the storage does not answer, requests pass: a limit that
 * refuses everybody because it cannot count is worse than none, and what the request wanted of the database will
 * tell its caller how things are.
 */
export class StorageCounts implements Counts {
  readonly #parts: StorageCountsParts;
  #spent = new Map<string, number>();
  #minute = 0;
  #hasComplained = false;

  constructor(parts: StorageCountsParts) {
    this.#parts = parts;
  }

  hit(key: string, minute: number): number | Promise<number> {
    if (minute !== this.#minute) this.#begin(minute);
    const spent = this.#spent.get(key);
    if (spent === undefined) return this.#ask(key, minute);
    this.#spent.set(key, spent + 1);
    return spent + 1;
  }

  async #ask(key: string, minute: number): Promise<number> {
    const { counters, limit, name } = this.#parts;
    try {
      const count = await counters.hit(`${name}:${key}`, new Date(endOfMinuteMs(minute)));
      if (count > limit && minute === this.#minute) this.#spent.set(key, count);
      return count;
    } catch (error) {
      this.#complain(error);
      return 1;
    }
  }

  #begin(minute: number): void {
    const begun = this.#minute !== 0;
    this.#minute = minute;
    this.#spent = new Map();
    this.#hasComplained = false;
    if (begun) this.#forgetEnded();
  }

  /** Beside the request that happens to be the first of its minute, which need not wait for it. */
  #forgetEnded(): void {
    this.#parts.counters
      .forgetEnded(new Date(endOfMinuteMs(this.#minute - 1)))
      .catch((error: unknown) => this.#complain(error));
  }

  #complain(error: unknown): void {
    if (this.#hasComplained) return;
    this.#hasComplained = true;
    this.#parts.log.error('Requests pass without being counted', { budget: this.#parts.name }, error);
  }
}
