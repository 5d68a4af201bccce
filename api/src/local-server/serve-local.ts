import { join } from 'node:path';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { createApp } from '../app.ts';
import { systemClock } from '../common/clock.ts';
import { systemEvery } from '../common/every.ts';
import { randomId } from '../common/ids.ts';
import { VERSION } from '../common/version.ts';
import { type Configuration, readConfiguration } from '../config/configuration.ts';
import { closeOnSignal } from '../http/close-on-signal.ts';
import { JobsService } from '../jobs/jobs.service.ts';
import { endOnFault } from '../logging/end-on-fault.ts';
import { Log } from '../logging/log.ts';
import { keepHeapModest } from '../memory/modest-heap.ts';
import { PrometheusMetrics } from '../metrics/prometheus-metrics.ts';
import { openSqliteStorage } from '../storage/sqlite/index.ts';
import { BoundedLogFile } from './bounded-log-file.ts';
import { IdleWatch } from './idle-watch.ts';
import { addLocalRoutes } from './local-routes.ts';
import { openStallPatience } from './open-stall-patience.ts';
import { publishServerFile, withdrawServerFile } from './server-file.ts';
import { inFolder, removeRemains } from './server-folder.ts';
import type { LocalServerSettings } from './settings.ts';

const LOG_LIMIT_BYTES = 5 * 1024 * 1024;
/** All windows of a person share one key, so no count of requests tells a fault from a lot of work. */
const REQUESTS_PER_MINUTE = 100_000;

/** Serves the folder until nobody calls any more. The lock on the folder must be held, and is kept to the end. */
export async function serveLocal(settings: LocalServerSettings): Promise<void> {
  const { folder } = settings;
  const clock = systemClock;
  removeRemains(folder);
  // Of this launch only: a key in a file that a killed server left behind opens nothing.
  const apiKey = randomId();
  const instance = randomId();
  const configuration = configurationFor(settings, apiKey);
  const log = new Log(configuration, logFileIn(folder));
  endOnFault(log);
  const storage = openSqliteStorage({ dataDir: folder });
  const patience = await openStallPatience(storage, {
    thresholdMs: settings.stallThresholdMs,
    clock,
    every: systemEvery,
  });
  let close = (_reason: string): void => undefined;
  let ending = false;
  // Once: to be told a second time is to be cut short, and two windows may ask in one moment.
  const end = (reason: string) => {
    if (ending) return;
    ending = true;
    close(reason);
  };
  const idle = new IdleWatch({
    idleMs: settings.idleMs,
    clock,
    every: systemEvery,
    onIdle: () => end('nobody called'),
  });
  const app = await createApp(
    {
      configuration,
      silenceLimit: patience,
      clock,
      log,
      makeId: randomId,
      storage,
      metrics: new PrometheusMetrics(),
    },
    (fastify) => {
      idle.addTo(fastify);
      addLocalRoutes(fastify, { apiKey, instance, end });
      // Before it stops listening: nobody is to be sent to a server that is about to go.
      fastify.addHook('preClose', async () => {
        idle.stop();
        patience.stop();
        withdrawServerFile(folder, instance);
      });
    },
  );
  close = closeOnSignal(app, log);
  await app.listen(0, configuration.host);
  keepHeapModest();
  publishServerFile(folder, {
    port: portOf(app),
    key: apiKey,
    pid: process.pid,
    version: VERSION,
    instance,
    startedAt: clock.now().toISOString(),
  });
  log.info('Listening', { port: portOf(app), pid: process.pid, version: VERSION, instance });
  await catchUp(app.get(JobsService));
}

/**
 * Sessions may have died while no server ran, and the night's clean-up finds few laptops awake. A job's lease sees to
 * it that frequent starts do not repeat it; it logs its failures, and has another turn.
 */
async function catchUp(jobs: JobsService): Promise<void> {
  for (const { name } of jobs.schedule) await jobs.run(name).catch(() => undefined);
}

function configurationFor({ folder, logLevel, stallThresholdMs }: LocalServerSettings, key: string): Configuration {
  return readConfiguration({
    API_KEYS: key,
    HOST: '127.0.0.1',
    DATA_DIR: folder,
    LOG_LEVEL: logLevel,
    STALL_THRESHOLD_MS: String(stallThresholdMs),
    RATE_LIMIT_PER_MINUTE: String(REQUESTS_PER_MINUTE),
    DETECT_FAILURES_CRON: '* * * * *',
    CLEANUP_CRON: '17 * * * *',
  });
}

function logFileIn(folder: string): BoundedLogFile {
  return inFolder(folder, () => new BoundedLogFile(join(folder, 'server.log'), LOG_LIMIT_BYTES));
}

function portOf(app: NestFastifyApplication): number {
  const address = app.getHttpServer().address();
  if (typeof address !== 'object' || address === null) throw new Error('the server listens on no port');
  return address.port;
}
