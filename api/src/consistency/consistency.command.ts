// `pnpm --filter api consistency [--repair]`: holds the records against each other, prints what does not agree, one
// finding a line, and mends on request what can be mended safely. Exit code 0: all is in order, or is again;
// 1: findings remain; 2: it could not look.
import 'reflect-metadata';
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { systemClock } from '../common/clock.ts';
import { type Configuration, ConfigurationError, readConfiguration } from '../config/configuration.ts';
import { Log } from '../logging/log.ts';
import { openStorage } from '../storage/open-storage.ts';
import { StorageStartError } from '../storage/storage-errors.ts';
import { type CheckedFinding, ConsistencyService } from './consistency.service.ts';

async function run(repair: boolean): Promise<number> {
  const configuration = readEnvironment();
  const storage = await openStorage(configuration);
  try {
    const service = new ConsistencyService(storage, systemClock, new Log({ ...configuration, logLevel: 'silent' }));
    const { found, remaining } = await service.check({ repair, onFinding: print });
    const mended = repair ? `, ${found - remaining} mended` : '';
    process.stderr.write(`${found} found${mended}, ${remaining} remaining\n`);
    if (repair && remaining > 0) process.stderr.write('What remains is for a person to decide.\n');
    return remaining === 0 ? 0 : 1;
  } finally {
    await storage.close();
  }
}

function print({ finding, mended }: CheckedFinding): void {
  // As JSON, because ids may hold line breaks.
  process.stdout.write(`${JSON.stringify({ ...finding, mended })}\n`);
}

/** The server's own configuration. Keys let people in; nobody comes in here, so one that is forgotten will do. */
function readEnvironment(): Configuration {
  const configuration = readConfiguration({ ...process.env, API_KEYS: randomUUID() });
  if (configuration.mongodbUri !== undefined) return configuration;
  // A package manager changes into the package; a relative directory is meant from where it was called.
  const dataDir = resolve(process.env['INIT_CWD'] ?? '', configuration.dataDir);
  if (existsSync(dataDir)) return { ...configuration, dataDir };
  // Opening would make an empty database, and find nothing wrong with it.
  throw new StorageStartError(`There is no directory ${dataDir}. Set DATA_DIR to that of the server, or MONGODB_URI.`);
}

try {
  const { values } = parseArgs({ options: { repair: { type: 'boolean', default: false } } });
  process.exitCode = await run(values.repair);
} catch (error) {
  const known = error instanceof ConfigurationError || error instanceof StorageStartError;
  process.stderr.write(`${known ? error.message : String(error)}\n`);
  process.exitCode = 2;
}
