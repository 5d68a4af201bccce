import { systemClock } from '../common/clock.ts';
import { randomId } from '../common/ids.ts';
import { VERSION } from '../common/version.ts';
import type { CoreParts } from '../core.module.ts';
import { endOnFault } from '../logging/end-on-fault.ts';
import { Log } from '../logging/log.ts';
import { openMongoStorage } from '../storage/mongo/index.ts';
import type { Storage } from '../storage/storage.ts';
import { type FunctionConfiguration, readFunctionConfiguration } from './function-configuration.ts';
import { linkedSecrets } from './linked-secrets.ts';

export interface FunctionParts extends CoreParts {
  readonly configuration: FunctionConfiguration;
  readonly openStorage: () => Promise<Storage>;
}

/** What every function is made of. Throws at once, naming all of it, where something is not configured. */
export function functionParts(variables: Readonly<Record<string, string | undefined>>): FunctionParts {
  const configuration = readFunctionConfiguration(variables, linkedSecrets());
  const log = new Log(configuration);
  endOnFault(log);
  return {
    configuration,
    log,
    clock: systemClock,
    makeId: randomId,
    openStorage: async () => {
      const { mongodbUri, mongodbPoolSize, databaseTimeoutMs, nodeEnv } = configuration;
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
      });
      return storage;
    },
  };
}
