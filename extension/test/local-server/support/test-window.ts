import { LocalServer } from '../../../src/local-server/local-server.ts';
import type { LocalServerState } from '../../../src/local-server/local-server-state.ts';
import { type Processes, type ServerProcess, systemProcesses } from '../../../src/local-server/processes.ts';
import { inheritedEnvironment } from '../../../src/local-server/server-environment.ts';
import { systemServerFiles } from '../../../src/local-server/server-files.ts';
import { ServerLauncher, type ServerLauncherParts } from '../../../src/local-server/server-launcher.ts';
import { systemClock } from '../../../src/platform/clock.ts';
import { systemRandom } from '../../../src/platform/random.ts';
import { RecordingLog } from '../../support/recording-log.ts';

export interface TestWindow {
  readonly server: LocalServer;
  readonly log: RecordingLog;
  readonly states: LocalServerState[];
  /** What it started, losers included. */
  readonly started: ServerProcess[];
  dispose(): void;
}

export interface TestWindowOptions extends Partial<ServerLauncherParts> {
  readonly script: string;
  readonly folder: string;
  readonly version: string;
}

/** What a window has of the local server, with real processes and sockets. */
export function openTestWindow(options: TestWindowOptions): TestWindow {
  const started: ServerProcess[] = [];
  const processes: Processes = {
    ...systemProcesses,
    start: (request) => {
      const process = systemProcesses.start(request);
      started.push(process);
      return process;
    },
  };
  const launcher = new ServerLauncher({
    execPath: process.execPath,
    isElectron: false,
    // Ends by itself even if a test run is killed.
    env: { ...inheritedEnvironment(process.env), CLAUDE_PROJECTS_LOCAL_IDLE_MS: '60000' },
    startLimitMs: 30_000,
    clock: systemClock,
    fetch: (url, init) => fetch(url, init),
    files: systemServerFiles,
    processes,
    ...options,
  });
  const log = new RecordingLog();
  const server = new LocalServer({ launcher, clock: systemClock, random: systemRandom, log });
  const states: LocalServerState[] = [];
  server.onDidChange((state) => states.push(state));
  return { server, log, states, started, dispose: () => server.dispose() };
}
