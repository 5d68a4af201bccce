import type { Clock } from '../common/clock.ts';
import type { Every } from '../common/every.ts';
import type { SilenceLimit } from '../common/silence-limit.ts';

/** A heartbeat comes each 60 s, with any setting each 85 s at least, and at once after a sleep. */
export const PATIENCE_MS = 90_000;

const PAUSE_MS = 5_000;
/** Timers may be this late on a busy machine without it having slept. */
const LATENESS_MS = 30_000;

export interface StallPatienceParts {
  readonly thresholdMs: number;
  readonly clock: Clock;
  readonly every: Every;
  /** When somebody last looked for stalled sessions; undefined where the store is new. */
  readonly lastListenedAt: Date | undefined;
}

/**
 * How long a session may be silent here. While no server ran, or the machine slept, no heartbeat could arrive, so
 * that silence says nothing: for a while afterwards it is added to what is allowed, and the windows beat first. What
 * stays silent then is stalled.
 */
export class StallPatience implements SilenceLimit {
  readonly #parts: StallPatienceParts;
  readonly #timer: { stop(): void };
  #deafMs: number;
  #patientUntil: number;
  #lookedAt: number;

  constructor(parts: StallPatienceParts) {
    this.#parts = parts;
    const now = parts.clock.now().getTime();
    this.#lookedAt = now;
    this.#deafMs = Math.max(0, now - (parts.lastListenedAt?.getTime() ?? now));
    this.#patientUntil = now + PATIENCE_MS;
    this.#timer = parts.every(PAUSE_MS, () => this.#look());
  }

  get ms(): number {
    // The job that looks for stalled sessions may be the first thing to run when the machine wakes.
    this.#look();
    return this.#parts.thresholdMs + (this.#isPatient() ? this.#deafMs + PATIENCE_MS : 0);
  }

  stop(): void {
    this.#timer.stop();
  }

  #isPatient(): boolean {
    return this.#lookedAt < this.#patientUntil;
  }

  #look(): void {
    const now = this.#parts.clock.now().getTime();
    const passed = now - this.#lookedAt;
    const slept = passed > PAUSE_MS + LATENESS_MS;
    if (slept) {
      // Machines doze off again soon after they woke: then both sleeps lie within the same silence.
      this.#deafMs = passed + (this.#isPatient() ? this.#deafMs + PATIENCE_MS : 0);
      this.#patientUntil = now + PATIENCE_MS;
    }
    this.#lookedAt = now;
  }
}
