import type { Clock } from '../platform/clock.ts';

const MINUTE_MS = 60_000;
export const FIRST_PAUSE_MS = 5 * MINUTE_MS;
export const LONGEST_PAUSE_MS = 60 * MINUTE_MS;
/**
 * When a machine wakes, the sessions of its other windows look stalled until they beat again. The wait also lets
 * several that died together come in one question.
 */
export const SETTLE_MS = 5000;

interface Waiting {
  /** When it may be asked about. */
  readonly dueAt: number;
  /** How often the user said "not now". */
  readonly pauses: number;
  readonly asking: boolean;
}

/** When the user is asked about which session. Says nothing itself. */
export class PromptSchedule {
  readonly #clock: Pick<Clock, 'now'>;
  readonly #waiting = new Map<string, Waiting>();

  constructor(clock: Pick<Clock, 'now'>) {
    this.#clock = clock;
  }

  /** Of the candidates those to be asked about now. */
  due(candidates: readonly string[]): readonly string[] {
    const now = this.#clock.now();
    return candidates.filter((sessionId) => {
      const { asking, dueAt } = this.#of(sessionId);
      return !asking && dueAt <= now;
    });
  }

  /** How long until the next of the candidates is due; undefined if none will be by itself. */
  untilNextMs(candidates: readonly string[]): number | undefined {
    const pending = candidates.map((sessionId) => this.#of(sessionId)).filter(({ asking }) => !asking);
    if (pending.length === 0) return undefined;
    return Math.max(0, Math.min(...pending.map(({ dueAt }) => dueAt)) - this.#clock.now());
  }

  asked(sessionIds: readonly string[]): void {
    for (const sessionId of sessionIds) this.#waiting.set(sessionId, { ...this.#of(sessionId), asking: true });
  }

  /** Asks again in 5 minutes, then 10, 20, 40, and every hour. */
  notNow(sessionIds: readonly string[]): void {
    for (const sessionId of sessionIds) {
      const pauses = this.#of(sessionId).pauses + 1;
      const pauseMs = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (pauses - 1));
      this.#waiting.set(sessionId, { dueAt: this.#clock.now() + pauseMs, pauses, asking: false });
    }
  }

  /** It lives again, or is no concern of ours any more: should it die once more, it is asked about anew. */
  forget(sessionId: string): void {
    this.#waiting.delete(sessionId);
  }

  #of(sessionId: string): Waiting {
    const now = this.#clock.now();
    const known = this.#waiting.get(sessionId) ?? { dueAt: now + SETTLE_MS, pauses: 0, asking: false };
    // Later than that only where somebody has set the clock back.
    const waiting = { ...known, dueAt: Math.min(known.dueAt, now + LONGEST_PAUSE_MS) };
    this.#waiting.set(sessionId, waiting);
    return waiting;
  }
}
