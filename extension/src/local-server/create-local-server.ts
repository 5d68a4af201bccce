import { systemClock } from '../platform/clock.ts';
import type { Log } from '../platform/log.ts';
import { systemRandom } from '../platform/random.ts';
import { LocalServer } from './local-server.ts';
import { systemProcesses } from './processes.ts';
import { inheritedEnvironment } from './server-environment.ts';
import { systemServerFiles } from './server-files.ts';
import { ServerLauncher } from './server-launcher.ts';

export interface LocalServerOptions {
  /** The bundled API: `dist/server.mjs` of the extension. */
  readonly script: string;
  /** Of the extension, which is that of the API it ships. */
  readonly version: string;
  /** A folder of its own in the extension's global storage. */
  readonly folder: string;
  readonly log: Log;
}

const START_LIMIT_MS = 10_000;

/** Nothing is read, probed or started before it is first asked for. */
export function createLocalServer({ script, version, folder, log }: LocalServerOptions): LocalServer {
  const launcher = new ServerLauncher({
    script,
    version,
    folder,
    execPath: process.execPath,
    isElectron: process.versions['electron'] !== undefined,
    env: inheritedEnvironment(process.env),
    startLimitMs: START_LIMIT_MS,
    clock: systemClock,
    fetch: (url, init) => fetch(url, init),
    files: systemServerFiles,
    processes: systemProcesses,
  });
  return new LocalServer({ launcher, clock: systemClock, random: systemRandom, log });
}
