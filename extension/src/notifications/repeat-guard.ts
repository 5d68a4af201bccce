import type { Clock } from '../platform/clock.ts';

const MINUTE_MS = 60_000;
export const FIRST_SILENCE_MS = 5 * MINUTE_MS;
export const LONGEST_SILENCE_MS = 60 * MINUTE_MS;

/** Keeps what flaps from being told each time: after each notice it is silent for longer, up to an hour. */
export class RepeatGuard {
  readonly #clock: Pick<Clock, 'now'>;
  readonly #told = new Map<string, { readonly times: number; readonly at: number }>();

  constructor(clock: Pick<Clock, 'now'>) {
    this.#clock = clock;
  }

  /** Whether it may be told now; if so, that counts as told. */
  mayTell(what: string): boolean {
    const now = this.#clock.now();
    const told = this.#told.get(what);
    // Told in the future, it was before somebody set the clock back.
    if (told !== undefined && now >= told.at && now - told.at < silenceMs(told.times)) return false;
    // What was quiet for two hours begins anew.
    const times = told !== undefined && now - told.at < 2 * LONGEST_SILENCE_MS ? told.times + 1 : 1;
    this.#told.set(what, { times, at: now });
    for (const [each, { at }] of this.#told) if (now - at > 2 * LONGEST_SILENCE_MS) this.#told.delete(each);
    return true;
  }
}

function silenceMs(times: number): number {
  return Math.min(LONGEST_SILENCE_MS, FIRST_SILENCE_MS * 2 ** (times - 1));
}
