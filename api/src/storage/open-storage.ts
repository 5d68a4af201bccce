import type { Configuration } from '../config/configuration.ts';
import { openSqliteStorage } from './sqlite/index.ts';
import type { Storage } from './storage.ts';

/** A team's MongoDB where one is configured, else the embedded database in `DATA_DIR`. */
export async function openStorage(configuration: Configuration): Promise<Storage> {
  const { mongodbUri, mongodbPoolSize, databaseTimeoutMs, dataDir } = configuration;
  if (mongodbUri === undefined) return openSqliteStorage({ dataDir });
  // Loaded only when used: mongoose costs a quarter of the start-up time.
  const { openMongoStorage } = await import('./mongo/index.ts');
  return openMongoStorage({ uri: mongodbUri, poolSize: mongodbPoolSize, timeoutMs: databaseTimeoutMs });
}
