import type { Models } from '../schema/models.ts';
import { storageErrorFrom } from './mongo-errors.ts';
import type { Runner } from './runner.ts';

/** Each call on its own. `mustBeOpen` throws once the storage was closed. */
export function singleCalls(models: Models, timeoutMs: number, place: string, mustBeOpen: () => void): Runner {
  return {
    models,
    options: { maxTimeMS: timeoutMs },
    run: async (call) => {
      mustBeOpen();
      try {
        return await call();
      } catch (error) {
        throw storageErrorFrom(error, place);
      }
    },
  };
}
