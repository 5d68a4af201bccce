import type { AppParts } from '../app.module.ts';
import { systemClock } from '../common/clock.ts';
import { randomId } from '../common/ids.ts';
import { VERSION } from '../common/version.ts';
import { endOnFault } from '../logging/end-on-fault.ts';
import { Log } from '../logging/log.ts';
import { openMongoStorage } from '../storage/mongo/index.ts';
import { connectingStorage } from './connecting-storage.ts';
import { readFunctionConfiguration } from './function-configuration.ts';
import { linkedSecrets } from './linked-secrets.ts';

/**
 * What every function is made of. Throws at once, naming all of it, where something is not configured; else it has
 * begun to connect to its database.
 */
export function functionParts(variables: Readonly<Record<string, string | undefined>>): Omit<AppParts, 'metrics'> {
  const configuration = readFunctionConfiguration(variables, linkedSecrets());
  const { mongodbUri, mongodbPoolSize, databaseTimeoutMs, nodeEnv } = configuration;
  const log = new Log(configuration);
  endOnFault(log);
  const open = async () => {
    const startedAt = performance.now();
    const storage = await openMongoStorage({
      uri: mongodbUri,
      poolSize: mongodbPoolSize,
      timeoutMs: databaseTimeoutMs,
    });
    log.info('Database connected', {
      storage: storage.engine,
      environment: nodeEnv,
      stage: variables['STAGE'] ?? null,
      version: VERSION,
      duration_ms: Math.round(performance.now() - startedAt),
    });
    return storage;
  };
  return { configuration, log, clock: systemClock, makeId: randomId, storage: connectingStorage(open, log) };
}
