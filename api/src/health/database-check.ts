import type { DetailedHealth } from '@claude-projects/shared/contract';
import type { Clock } from '../common/clock.ts';
import { within } from '../common/within.ts';
import type { Storage } from '../storage/storage.ts';

export type DatabaseHealth = DetailedHealth['dependencies']['database'];

const LIMIT_MS = 5000;
const SLOW_MS = 1000;

/** Asks the database for a sign of life. One that takes longer than the limit is as good as gone. */
export async function checkDatabase(storage: Storage, clock: Clock, limitMs = LIMIT_MS): Promise<DatabaseHealth> {
  const { engine } = storage;
  const start = clock.now().getTime();
  try {
    await within(limitMs, storage.ping());
  } catch {
    // Why it failed is in the log of the requests that needed it; this reply is for whoever holds a key.
    return { status: 'error', engine, connected: false, response_time_ms: null };
  }
  const response_time_ms = clock.now().getTime() - start;
  return { status: response_time_ms > SLOW_MS ? 'degraded' : 'ok', engine, connected: true, response_time_ms };
}
