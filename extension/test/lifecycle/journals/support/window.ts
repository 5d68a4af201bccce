import { JournalsOnDisk } from '../../../../src/lifecycle/journals-on-disk.ts';
import { type Files, systemFiles } from '../../../../src/lifecycle/outbox/files.ts';
import type { LeaseTimes } from '../../../../src/lifecycle/ownership/ownership.ts';
import type { ProcessIdentity } from '../../../../src/lifecycle/ownership/process-identity.ts';
import { systemRandom } from '../../../../src/platform/random.ts';
import { FakeClock } from '../../../support/fake-clock.ts';
import { RecordingLog } from '../../../support/recording-log.ts';
import { ScriptedApi, scriptedConnection } from '../../../support/scripted-api.ts';
import { watchedFiles } from './watched-files.ts';

export interface WindowParts {
  readonly root: string;
  readonly clock?: FakeClock;
  readonly files?: Files;
  readonly times?: LeaseTimes;
  readonly self?: Partial<ProcessIdentity>;
}

/** Processes that a test says are alive; this one and those of the real machine do not matter. */
export const alive = new Set<number>();
let nextPid = 1;

/** The journals as a window of the editor has them, with an API that nobody can reach until the test scripts it. */
export function openWindow({ root, clock = new FakeClock(), files = systemFiles, times, self }: WindowParts) {
  const log = new RecordingLog();
  const disk = watchedFiles(files);
  const api = new ScriptedApi();
  const { connection, source } = scriptedConnection({ api, clock, log });
  const pid = nextPid++;
  alive.add(pid);
  const journals = new JournalsOnDisk({
    root,
    connection,
    clock,
    random: { fraction: () => 1, uuid: () => systemRandom.uuid() },
    log,
    files: disk.files,
    self: { pid, host: 'laptop', isAlive: (other) => alive.has(other), ...self },
    ...(times && { times }),
  });
  return { journals, quiet: disk.quiet, clock, log, api, connection, source, pid, die: () => alive.delete(pid) };
}

export type TestWindow = ReturnType<typeof openWindow>;
