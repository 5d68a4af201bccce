import { HEADERS } from '@claude-projects/shared/contract';
import type { FastifyReply } from 'fastify';
import type { Clock } from '../common/clock.ts';
import { DomainError } from '../common/domain-error.ts';
import type { Log } from '../logging/log.ts';
import type { Counts } from './counts.ts';
import { endOfMinuteMs, minuteOf } from './minutes.ts';

export interface BudgetParts {
  readonly name: string;
  readonly limit: number;
  readonly counts: Counts;
  readonly clock: Clock;
  readonly log: Log;
}

type Done = (refusal: DomainError | undefined) => void;

/** So many requests a minute for each key, whatever a key stands for. */
export class Budget {
  readonly #parts: BudgetParts;

  constructor(parts: BudgetParts) {
    this.#parts = parts;
  }

  /** Takes one request from the key's budget, says in the reply's headers what is left of it, and whether it was spent. */
  spend(key: string, reply: FastifyReply, done: Done): void {
    const nowMs = this.#parts.clock.now().getTime();
    const minute = minuteOf(nowMs);
    const count = this.#parts.counts.hit(key, minute);
    if (typeof count === 'number') {
      done(this.#judge(key, count, minute, nowMs, reply));
      return;
    }
    void this.#spendOnceCounted(count, (counted) => done(this.#judge(key, counted, minute, nowMs, reply)));
  }

  async #spendOnceCounted(count: Promise<number>, judge: (counted: number) => void): Promise<void> {
    judge(await count);
  }

  #judge(key: string, count: number, minute: number, nowMs: number, reply: FastifyReply): DomainError | undefined {
    const { limit, name, log } = this.#parts;
    const endMs = endOfMinuteMs(minute);
    void reply
      .header(HEADERS.rateLimitLimit, limit)
      .header(HEADERS.rateLimitRemaining, Math.max(0, limit - count))
      .header(HEADERS.rateLimitReset, endMs / 1000);
    if (count <= limit) return undefined;
    // Once a minute: who is over the limit is over it again and again.
    if (count === limit + 1) log.warn('Rate limit reached', { budget: name, key, limit });
    const seconds = Math.max(1, Math.ceil((endMs - nowMs) / 1000));
    void reply.header(HEADERS.retryAfter, seconds);
    return new DomainError('RATE_LIMITED', `More than ${limit} requests in this minute. Try again in ${seconds} s.`);
  }
}
