import type { Clock } from '../../common/clock.ts';

export const CIRCUIT = { failures: 5, withinMs: 60_000, openForMs: 30_000 } as const;

type State = 'closed' | 'open' | 'half-open';

/** Given to a call that may be made; its outcome is reported with it. */
export interface Passage {
  /** Outcomes of calls from before the last change of state say nothing about the present one. */
  readonly era: number;
}

/**
 * Closed, it counts failures: five within a minute open it. Open, it lets nothing through for 30 s; then a single
 * call probes, and its outcome closes or opens it again. Knows nothing of what is called: it is asked before
 * (`enter`) and told after (`succeeded`, `failed`), which costs a call that passes next to nothing.
 */
export class CircuitBreaker {
  readonly #clock: Clock;
  readonly #changed: (state: State) => void;
  #state: State = 'closed';
  #passage: Passage = { era: 0 };
  #failures: number[] = [];
  #openUntil = 0;
  #probeStartedAt = 0;

  constructor(clock: Clock, changed: (state: State) => void) {
    this.#clock = clock;
    this.#changed = changed;
  }

  get isClosed(): boolean {
    return this.#state === 'closed';
  }

  /** Undefined where the call must not be made. */
  enter(): Passage | undefined {
    if (this.#state === 'closed') return this.#passage;
    if (this.#state === 'half-open' || this.#now() < this.#openUntil) return undefined;
    this.#probeStartedAt = this.#now();
    this.#become('half-open');
    return this.#passage;
  }

  /** How long it will be before another call has a chance. */
  retryAfterMs(): number {
    return this.#state === 'open' ? Math.max(0, this.#openUntil - this.#now()) : 0;
  }

  succeeded(passage: Passage): void {
    if (this.#state === 'half-open' && passage === this.#passage) this.#become('closed');
  }

  failed(passage: Passage): void {
    if (passage !== this.#passage) return;
    const now = this.#now();
    if (this.#state === 'closed') {
      this.#failures = this.#failures.filter((at) => now - at < CIRCUIT.withinMs);
      if (this.#failures.push(now) < CIRCUIT.failures) return;
      this.#openUntil = now + CIRCUIT.openForMs;
    } else {
      // From when it was made: a probe that hung for its whole time must not put off the next one by that much.
      this.#openUntil = this.#probeStartedAt + CIRCUIT.openForMs;
    }
    this.#become('open');
  }

  /** There is a sign of life: the next call may probe without waiting any longer. */
  allowProbe(): void {
    if (this.#state === 'open') this.#openUntil = this.#now();
  }

  #become(state: State): void {
    this.#state = state;
    this.#passage = { era: this.#passage.era + 1 };
    this.#failures = [];
    this.#changed(state);
  }

  #now(): number {
    return this.#clock.now().getTime();
  }
}
