import { Inject, Injectable } from '@nestjs/common';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { CLOCK, type Clock } from '../common/clock.ts';
import type { DomainError } from '../common/domain-error.ts';
import { CONFIGURATION, type Configuration } from '../config/configuration.ts';
import { Log } from '../logging/log.ts';
import { STORAGE } from '../storage/storage.module.ts';
import type { Storage } from '../storage/storage.ts';
import { Budget } from './budget.ts';
import { MemoryCounts } from './memory-counts.ts';
import { StorageCounts } from './storage-counts.ts';

/**
 * A key has a budget for its requests. Heartbeats are taken from a budget of the session or machine that sends
 * them instead, so that a fleet on one key is never starved by its own pulse. Failed attempts to present a key
 * are taken from one of their address.
 */
@Injectable()
export class RequestLimits {
  readonly #budgets: Readonly<Record<'key' | 'sessionId' | 'machineId' | 'address', Budget>>;

  constructor(
    @Inject(CONFIGURATION) { rateLimitPerMinute, rateLimitHeartbeatsPerMinute, rateLimitStore }: Configuration,
    @Inject(STORAGE) { counters }: Storage,
    @Inject(CLOCK) clock: Clock,
    @Inject(Log) log: Log,
  ) {
    const budget = (name: string, limit: number) => {
      const counts =
        rateLimitStore === 'storage' ? new StorageCounts({ counters, log, name, limit }) : new MemoryCounts();
      return new Budget({ name, limit, counts, clock, log });
    };
    this.#budgets = {
      key: budget('key', rateLimitPerMinute),
      sessionId: budget('session', rateLimitHeartbeatsPerMinute),
      machineId: budget('machine', rateLimitHeartbeatsPerMinute),
      address: budget('address', rateLimitPerMinute),
    };
  }

  /** Limits every request that authentication has let through with a key; to be added after that. */
  addTo(fastify: FastifyInstance): void {
    fastify.addHook<{ Params: Readonly<Record<string, string | undefined>> }>('onRequest', (request, reply, done) => {
      const { keyId } = request;
      if (keyId === null) {
        done();
        return;
      }
      const { pulseOf } = request.routeOptions.config;
      const sender = pulseOf && request.params[pulseOf];
      if (pulseOf && sender !== undefined) this.#budgets[pulseOf].spend(sender, reply, done);
      else this.#budgets.key.spend(keyId, reply, done);
    });
  }

  /**
   * Counts an attempt that failed; `done` is told of the limit if there were too many. A valid key is never
   * counted here, so one who guesses keys does not shut out the honest users behind the same address.
   */
  failedAttempt(request: FastifyRequest, reply: FastifyReply, done: (refusal: DomainError | undefined) => void): void {
    this.#budgets.address.spend(request.ip, reply, done);
  }
}
