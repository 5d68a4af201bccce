import type { Clock } from '../../common/clock.ts';

const SHARED_FOR_MS = 1000;

/** While the circuit is open any number of health checks share one ping a second: a sick database is not hammered. */
export class OpenCircuitPings {
  readonly #clock: Clock;
  readonly #ping: () => Promise<void>;
  #last: { readonly at: number; readonly answer: Promise<void> } | undefined;
  #isUnderWay = false;

  constructor(clock: Clock, ping: () => Promise<void>) {
    this.#clock = clock;
    this.#ping = ping;
  }

  ping(): Promise<void> {
    const now = this.#clock.now().getTime();
    if (this.#last && (this.#isUnderWay || now - this.#last.at < SHARED_FOR_MS)) return this.#last.answer;
    this.#isUnderWay = true;
    const answer = this.#ping().finally(() => {
      this.#isUnderWay = false;
    });
    this.#last = { at: now, answer };
    return answer;
  }
}
