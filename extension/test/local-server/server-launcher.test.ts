import assert from 'node:assert/strict';
import { EXIT } from '../../src/local-server/exit-codes.ts';
import type { ProcessEnd, ProcessRequest } from '../../src/local-server/processes.ts';
import { ServerLauncher } from '../../src/local-server/server-launcher.ts';
import { FakeClock, SECOND, settle } from '../support/fake-clock.ts';

const never = new AbortController().signal;

/** Started processes end as the test says, or never; none of them serves. */
function launcherOf(clock: FakeClock, end: ProcessEnd | undefined) {
  const started: ProcessRequest[] = [];
  const launcher = new ServerLauncher({
    script: '/extension/server.mjs',
    version: '1.0.0',
    folder: '/storage/local-server',
    execPath: '/editor',
    isElectron: true,
    env: { PATH: '/bin' },
    startLimitMs: 10 * SECOND,
    clock,
    fetch: async () => {
      throw new Error('no file names a server that could be asked');
    },
    files: { read: async () => undefined, makeFolder: async () => undefined },
    processes: {
      ask: async () => 'can run it',
      start: (request) => {
        started.push(request);
        const ended = end ? Promise.resolve(end) : new Promise<ProcessEnd>(() => undefined);
        return { pid: started.length, ended, stopReading: () => undefined, kill: () => undefined };
      },
    },
  });
  return { launcher, started };
}

/** How the search ends, and after how much time. */
async function outcomeOf(clock: FakeClock, work: Promise<unknown>): Promise<{ error: unknown; afterMs: number }> {
  const begin = clock.now();
  const outcome: { error?: unknown } = {};
  void work.catch((reason: unknown) => {
    outcome.error = reason;
  });
  await settle();
  while (outcome.error === undefined && clock.now() - begin < 60 * SECOND) await clock.advance(50);
  return { error: outcome.error, afterMs: clock.now() - begin };
}

function assertMessage(error: unknown, kind: string, message: RegExp): void {
  assert.ok(error instanceof Error && 'kind' in error);
  assert.equal(error.kind, kind);
  assert.match(error.message, message);
}

describe('the search for the local server', () => {
  let clock: FakeClock;

  beforeEach(() => {
    clock = new FakeClock();
  });
  afterEach(() => assert.equal(clock.pendingTimers, 0));

  it('starts the script as Node, in its folder, and passes no key', async () => {
    const { launcher, started } = launcherOf(clock, { code: EXIT.unusable, errors: 'the disk is full' });
    const { error } = await outcomeOf(clock, launcher.reach(never));
    assertMessage(error, 'unusable', /^the disk is full$/);
    assert.deepEqual(started, [
      {
        command: '/editor',
        args: ['/extension/server.mjs'],
        cwd: '/storage/local-server',
        env: {
          PATH: '/bin',
          ELECTRON_RUN_AS_NODE: '1',
          CLAUDE_PROJECTS_LOCAL_FOLDER: '/storage/local-server',
        },
      },
    ]);
  });

  it('waits 10 s for the one it started, and starts no other meanwhile', async () => {
    const { launcher, started } = launcherOf(clock, undefined);
    const { error, afterMs } = await outcomeOf(clock, launcher.reach(never));
    assertMessage(error, 'not-started', /within 10 s.*server\.log/);
    assert.equal(afterMs, 10 * SECOND);
    assert.equal(started.length, 1);
  });

  it('tries now and then while another has the folder, and says so in the end', async () => {
    const { launcher, started } = launcherOf(clock, { code: EXIT.anotherServes, errors: '' });
    const { error, afterMs } = await outcomeOf(clock, launcher.reach(never));
    assertMessage(error, 'not-started', /Another process has the folder/);
    assert.equal(afterMs, 10 * SECOND);
    assert.equal(started.length, 8);
  });

  it('gives up at once when the program fails, with what it said', async () => {
    const { launcher } = launcherOf(clock, { code: 1, errors: 'Cannot find module' });
    const { error, afterMs } = await outcomeOf(clock, launcher.reach(never));
    assertMessage(error, 'not-started', /exit code 1.*Cannot find module/);
    assert.ok(afterMs < SECOND);
  });

  it('stops when nobody wants it any more', async () => {
    const { launcher } = launcherOf(clock, undefined);
    const controller = new AbortController();
    const search = outcomeOf(clock, launcher.reach(controller.signal));
    controller.abort();
    const { error } = await search;
    assert.ok(error instanceof Error);
    assert.equal(error.name, 'AbortError');
  });
});
