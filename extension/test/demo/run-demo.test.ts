import assert from 'node:assert/strict';
import { ApiConnection, clientsThat } from '../../src/connection/api-connection.ts';
import { runDemo } from '../../src/demo/run-demo.ts';
import { JournalsOnDisk } from '../../src/lifecycle/journals-on-disk.ts';
import { WindowLifecycle } from '../../src/lifecycle/window-lifecycle.ts';
import { inEnglish } from '../../src/platform/localize.ts';
import { systemRandom as random } from '../../src/platform/random.ts';
import { needsAttention } from '../../src/sessions/health.ts';
import { eventually } from '../lifecycle/journals/support/eventually.ts';
import { FlakyLine } from '../lifecycle/journals/support/flaky-line.ts';
import { temporaryFolder } from '../lifecycle/journals/support/temporary-folder.ts';
import { type InProcessApi, startInProcessApi } from '../recovery/support/in-process-api.ts';
import { FakeClock, SECOND } from '../support/fake-clock.ts';
import { fakePlaces } from '../support/fake-places.ts';
import { RecordingLog } from '../support/recording-log.ts';
import { FakeEndpointSource } from '../support/scripted-api.ts';

describe('the demo', function () {
  this.timeout(120_000);
  const root = temporaryFolder();
  let api: InProcessApi;
  let line: FlakyLine;
  let clock: FakeClock;
  let connection: ApiConnection;
  let journals: JournalsOnDisk;
  let lifecycle: WindowLifecycle;
  let stop: AbortController;
  let steps: string[];
  let revealed: string[];

  beforeEach(async () => {
    api = await startInProcessApi();
    line = new FlakyLine(api.url);
    const baseUrl = await line.open();
    clock = new FakeClock();
    await clock.advance(Date.now() - clock.now());
    const log = new RecordingLog();
    const source = new FakeEndpointSource();
    source.endpoint = { kind: 'ready', address: { mode: 'remote', baseUrl }, apiKey: api.key, instance: 'only' };
    connection = new ApiConnection({
      source,
      clock,
      log,
      makeClient: clientsThat(
        () => undefined,
        (line) => log.warn(line),
      ),
    });
    journals = new JournalsOnDisk({ root: root(), connection, clock, random, log });
    lifecycle = new WindowLifecycle({
      sessions: { vitals: { stallThresholdMs: 180_000 } },
      settings: { current: { dockerSlot: undefined, heartbeatIntervalSeconds: 60 } },
      places: fakePlaces(),
      connection,
      journals,
      clock,
      random,
      log,
    });
    stop = new AbortController();
    steps = [];
    revealed = [];
  });

  afterEach(async () => {
    await lifecycle.close();
    journals.dispose();
    connection.dispose();
    await line.close();
    await api.close();
  });

  /** Resolves with what it failed with. */
  async function run(onStep: (count: number) => void = () => undefined): Promise<unknown> {
    const report = (step: string) => onStep(steps.push(step));
    const refresh = async () => undefined;
    const reveal = async (sessionId: string) => void revealed.push(sessionId);
    let ended = false;
    const parts = { lifecycle, connection, clock, random, localize: inEnglish, refresh, reveal };
    const demo = runDemo(parts, report, stop.signal)
      .then(
        () => undefined,
        (error: unknown) => error,
      )
      .finally(() => {
        ended = true;
      });
    await untilTrue(() => ended);
    return demo;
  }

  /** Time passes meanwhile. */
  const untilTrue = (condition: () => boolean) =>
    eventually(
      condition,
      () => `the last step was: ${steps.at(-1)}`,
      () => clock.advance(SECOND / 2),
    );

  async function mustLeaveNothing(): Promise<void> {
    await untilTrue(() => lifecycle.trackers.length === 0);
    const { sessions } = await api.client.listSessions();
    assert.deepEqual(sessions.filter(needsAttention), [], 'nobody is to be asked whether to recover a demo');
    assert.deepEqual(
      sessions.filter(({ status }) => status === 'active'),
      [],
      'and none is to fall silent later',
    );
  }

  it('ends well, with a session that died and its successor', async () => {
    assert.equal(await run(), undefined);
    await mustLeaveNothing();
    assert.equal((await api.client.listSessions()).total, 2);
  });

  it('opens the session and its successor, so that their tasks are seen', async () => {
    await run();
    const { sessions } = await api.client.listSessions();
    const original = sessions.find(({ recovered_by }) => recovered_by !== null);
    assert.deepEqual(revealed, [original?.session_id, original?.recovered_by]);
  });

  for (const at of [1, 2, 4, 7, 8, 9, 10]) {
    it(`stopped at step ${at} leaves nothing that needs anybody`, async () => {
      const error = await run((count) => count === at && stop.abort());
      assert.ok(error instanceof Error && error.name === 'AbortError');
      assert.equal(steps.length, at);
      await mustLeaveNothing();
    });
  }

  it('stopped while the API is away leaves nothing either, once it is back', async () => {
    await run((count) => {
      if (count === 6) line.isCut = true;
      if (count === 7) stop.abort();
    });
    line.isCut = false;
    await mustLeaveNothing();
  });

  it('run twice at once is two demos', async () => {
    const both = await Promise.all([run(), run()]);
    assert.deepEqual(both, [undefined, undefined]);
    await mustLeaveNothing();
    assert.equal((await api.client.listSessions()).total, 4);
  });

  it('tells at once that there is no API', async () => {
    line.isCut = true;
    assert.ok((await run()) instanceof Error);
    assert.deepEqual(steps, []);
    assert.deepEqual(lifecycle.trackers, []);
  });
});
