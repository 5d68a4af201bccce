import type { FastifyInstance } from 'fastify';
import type { Clock } from '../common/clock.ts';
import type { Every } from '../common/every.ts';

export interface IdleWatchParts {
  readonly idleMs: number;
  readonly clock: Clock;
  readonly every: Every;
  /** Called once. */
  readonly onIdle: () => void;
}

const LOOKS = 20;
const LONGEST_PAUSE_MS = 15_000;

/**
 * Notices when nobody has called for a while. A call is a request with the key: whatever else knocks at the port
 * keeps nothing alive. One that is still being answered counts as going on. Time in which the machine slept does not
 * count, as nobody could have called: after a night the windows find their server still there.
 */
export class IdleWatch {
  readonly #parts: IdleWatchParts;
  readonly #pauseMs: number;
  readonly #timer: { stop(): void };
  #underWay = 0;
  #idleMs = 0;
  #lookedAt: number;

  constructor(parts: IdleWatchParts) {
    this.#parts = parts;
    this.#pauseMs = Math.min(LONGEST_PAUSE_MS, Math.ceil(parts.idleMs / LOOKS));
    this.#lookedAt = parts.clock.now().getTime();
    this.#timer = parts.every(this.#pauseMs, () => this.#look());
  }

  /** To be added after authentication. */
  addTo(fastify: FastifyInstance): void {
    fastify.addHook('onRequest', (request, _reply, done) => {
      if (request.keyId !== null) this.#begin();
      done();
    });
    fastify.addHook('onResponse', (request, _reply, done) => {
      if (request.keyId !== null) this.#end();
      done();
    });
  }

  stop(): void {
    this.#timer.stop();
  }

  #begin(): void {
    this.#underWay += 1;
    this.#idleMs = 0;
  }

  #end(): void {
    this.#underWay -= 1;
    this.#idleMs = 0;
  }

  #look(): void {
    const now = this.#parts.clock.now().getTime();
    const passed = now - this.#lookedAt;
    this.#lookedAt = now;
    if (this.#underWay > 0) return;
    // A timer may be late, but not by more than its own pause unless the whole machine was.
    this.#idleMs += Math.max(0, Math.min(passed, 2 * this.#pauseMs));
    if (this.#idleMs < this.#parts.idleMs) return;
    this.stop();
    this.#parts.onIdle();
  }
}
