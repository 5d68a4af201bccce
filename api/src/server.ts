import { createApp } from './app.ts';
import { systemClock } from './common/clock.ts';
import { randomId } from './common/ids.ts';
import { ConfigurationError, readConfiguration } from './config/configuration.ts';
import { closeOnSignal } from './http/close-on-signal.ts';
import { endOnFault } from './logging/end-on-fault.ts';
import { Log } from './logging/log.ts';
import { redactor } from './logging/redaction.ts';
import { keepHeapModest } from './memory/modest-heap.ts';
import { chooseMetrics } from './metrics/choose-metrics.ts';
import { openStorage } from './storage/open-storage.ts';
import { StorageStartError, StorageUnavailableError } from './storage/storage-errors.ts';

async function serve(): Promise<void> {
  const configuration = readConfiguration(process.env);
  const log = new Log(configuration);
  endOnFault(log);
  const clock = systemClock;
  const storage = await openStorage(configuration);
  const metrics = chooseMetrics(process.env, process.stdout, clock);
  const app = await createApp({ configuration, clock, log, makeId: randomId, storage, metrics });
  closeOnSignal(app, log);
  await app.listen(configuration.port, configuration.host);
  // Over MongoDB requests wait for longer than a small young generation could keep them.
  if (storage.engine === 'sqlite') keepHeapModest();
  log.info('Listening', { url: await app.getUrl(), storage: storage.engine, environment: configuration.nodeEnv });
}

try {
  await serve();
} catch (error) {
  process.stderr.write(`${redactor([])(explain(error))}\n`);
  process.exit(1);
}

/** The faults an operator can mend are told in one sentence; for the others the stack is what helps. */
function explain(error: unknown): string {
  const canBeMended = [ConfigurationError, StorageStartError, StorageUnavailableError];
  if (error instanceof Error && canBeMended.some((kind) => error instanceof kind)) return error.message;
  if (isAddressInUse(error)) {
    return `Port ${error.port} is in use. Stop the program that has it, or set PORT to a free one.`;
  }
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

function isAddressInUse(error: unknown): error is Error & { port: number } {
  return error instanceof Error && 'code' in error && error.code === 'EADDRINUSE' && 'port' in error;
}
