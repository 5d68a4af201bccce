import type { Clock } from '../../common/clock.ts';
import type { Log } from '../../logging/log.ts';
import type { Storage } from '../storage.ts';
import { CircuitOpenError, StorageTimeoutError, StorageUnavailableError } from '../storage-errors.ts';
import { type Around, wrapStorage } from '../wrapped-storage.ts';
import { CallLimits } from './call-limits.ts';
import { CIRCUIT, CircuitBreaker } from './circuit-breaker.ts';
import { OpenCircuitPings } from './open-circuit-pings.ts';

export interface ProtectionParts {
  readonly clock: Clock;
  readonly log: Log;
  /** How long a single call to the database may take. */
  readonly timeoutMs: number;
}

/**
 * The same storage behind a circuit breaker, with a time limit on each call. A database that keeps failing is
 * left alone for half a minute, and whoever asks meanwhile is told at once instead of waiting for the same failure.
 *
 * `ping` passes an open circuit, so that a readiness check tells of a recovery when it happens, and counts neither
 * for nor against it: health checks report on the database, they do not decide. One that succeeds lets the next
 * operation probe at once.
 */
export function protectStorage(storage: Storage, { clock, log, timeoutMs }: ProtectionParts): Storage {
  const limits = new CallLimits(timeoutMs);
  const breaker = new CircuitBreaker(clock, (state) => {
    if (state === 'open') log.error('Database circuit opened', { retry_after_ms: CIRCUIT.openForMs });
    else if (state === 'closed') log.info('Database circuit closed');
    else log.info('Database circuit half-open: one call probes');
  });
  const around: Around = async (operation, run) => {
    const passage = breaker.enter();
    if (!passage) throw new CircuitOpenError(breaker.retryAfterMs());
    try {
      const result = await limits.limited(operation, run);
      breaker.succeeded(passage);
      return result;
    } catch (error) {
      // All other errors are answers of a database that works.
      if (error instanceof StorageUnavailableError) breaker.failed(passage);
      else breaker.succeeded(passage);
      throw error;
    }
  };
  const ping = async () => {
    try {
      await limits.limited('ping', () => storage.ping());
    } catch (error) {
      // Who asks whether it can be reached has the answer.
      if (error instanceof StorageTimeoutError) throw new StorageUnavailableError(error.message, { cause: error });
      throw error;
    }
  };
  const pings = new OpenCircuitPings(clock, async () => {
    await ping();
    breaker.allowProbe();
  });
  return {
    ...wrapStorage(storage, around),
    ping: () => (breaker.isClosed ? ping() : pings.ping()),
    close: async () => {
      limits.dispose();
      await storage.close();
    },
  };
}
