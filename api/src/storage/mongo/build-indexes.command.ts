import { DEFAULTS } from '@claude-projects/shared/contract';
import { StorageStartError } from '../storage-errors.ts';
import { openMongoStorage } from './open-mongo-storage.ts';

// `pnpm indexes`: builds the indexes ahead of a deployment, so that the first start of a new version need not.
try {
  const uri = process.env['MONGODB_URI'];
  if (uri === undefined || uri === '')
    throw new StorageStartError('MONGODB_URI is required: where to build the indexes.');
  const storage = await openMongoStorage({ uri, poolSize: 1, timeoutMs: DEFAULTS.databaseTimeoutMs });
  await storage.close();
  process.stdout.write('All indexes are there.\n');
} catch (error) {
  const explanation = error instanceof StorageStartError ? error.message : String(error);
  process.stderr.write(`${explanation}\n`);
  process.exitCode = 1;
}
