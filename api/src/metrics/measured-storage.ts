import type { Storage } from '../storage/storage.ts';
import { wrapStorage } from '../storage/wrapped-storage.ts';
import type { Metrics } from './metrics.ts';

/** The same storage, each of whose operations is timed, those that fail included. */
export function measureStorage(storage: Storage, metrics: Metrics): Storage {
  return wrapStorage(storage, async (operation, run) => {
    const start = performance.now();
    try {
      return await run();
    } finally {
      metrics.queryEnded(operation, performance.now() - start);
    }
  });
}
