import { WindowLifecycle } from '../src/lifecycle/window-lifecycle.ts';
import { systemRandom } from '../src/platform/random.ts';
import { FakeClock, MINUTE } from '../test/support/fake-clock.ts';
import { FakeJournals } from '../test/support/fake-journals.ts';
import { fakePlaces } from '../test/support/fake-places.ts';
import { RecordingLog } from '../test/support/recording-log.ts';
import { sampleSession } from '../test/support/sample-session.ts';
import { ScriptedApi, scriptedConnection } from '../test/support/scripted-api.ts';

const SESSIONS = 200;
const TURNS = 15;

/** The processor time of one turn of the heartbeat in a window with 200 sessions, in ms: the median of fifteen. */
export async function measureHeartbeatTick(): Promise<number> {
  const clock = new FakeClock();
  const api = new ScriptedApi();
  const log = new RecordingLog();
  const journals = new FakeJournals();
  const { connection } = scriptedConnection({ api, clock, log });
  const session = sampleSession();
  const machine = {
    machine_id: 'laptop',
    hostname: 'laptop',
    docker_slots: [],
    active_sessions: [],
    status: 'online',
    last_heartbeat: session.last_heartbeat,
    metadata: {},
    created_at: session.created_at,
    updated_at: session.updated_at,
  };
  api.on(/\/heartbeat$/, () => session);
  api.on(/\/machines/, () => machine);
  const lifecycle = new WindowLifecycle({
    sessions: { vitals: { stallThresholdMs: 180_000 } },
    connection,
    clock,
    log,
    journals,
    random: systemRandom,
    places: fakePlaces(),
    settings: { current: { dockerSlot: undefined, heartbeatIntervalSeconds: 60 } },
  });
  for (let slot = 0; slot < SESSIONS; slot += 1) {
    const started = await lifecycle.start({ dockerSlot: slot });
    if (!started.ok) throw new Error(started.problem.message);
    journals.last.outbox.deliverAll();
  }
  const turns: number[] = [];
  for (let turn = 0; turn < TURNS; turn += 1) {
    const before = api.requests.length;
    const start = process.cpuUsage();
    await clock.advance(MINUTE);
    const { user, system } = process.cpuUsage(start);
    if (api.requests.length - before < SESSIONS) throw new Error('not every session beat');
    turns.push((user + system) / 1000);
  }
  lifecycle.dispose();
  return turns.sort((a, b) => a - b)[Math.floor(TURNS / 2)] ?? Number.NaN;
}
