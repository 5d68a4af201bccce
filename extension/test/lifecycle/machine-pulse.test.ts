import assert from 'node:assert/strict';
import { type MachineFacts, MachinePulse } from '../../src/lifecycle/machine-pulse.ts';
import { noSuchMachine } from '../support/errors.ts';
import { FakeClock, MINUTE } from '../support/fake-clock.ts';
import { RecordingLog } from '../support/recording-log.ts';
import { ScriptedApi, scriptedConnection } from '../support/scripted-api.ts';

const HEARTBEAT = 'POST /api/machines/laptop/heartbeat';
const REGISTER = 'POST /api/machines';
const UPDATE = 'PATCH /api/machines/laptop';

const machine = {
  machine_id: 'laptop',
  hostname: 'laptop.local',
  docker_slots: [1],
  active_sessions: [],
  status: 'maintenance',
  last_heartbeat: '2026-03-01T09:00:00.000Z',
  metadata: { owner: 'ops' },
  created_at: '2026-03-01T09:00:00.000Z',
  updated_at: '2026-03-01T09:00:00.000Z',
};

describe('the pulse of the machine', () => {
  let api: ScriptedApi;
  let clock: FakeClock;
  let facts: MachineFacts;
  let pulse: MachinePulse;

  beforeEach(() => {
    api = new ScriptedApi();
    clock = new FakeClock();
    facts = { machineId: 'laptop', hostname: 'laptop.local', dockerSlot: 2 };
    const log = new RecordingLog();
    const { connection } = scriptedConnection({ api, clock, log });
    api.on(/\/api\/machines/, () => machine);
    pulse = new MachinePulse({ connection, clock, log, intervalMs: () => MINUTE, facts: async () => facts });
  });
  afterEach(() => pulse.dispose());

  const sent = () => api.lines(/machines/).map(({ line }) => line);

  it('adds its slot to a machine that is known, and says nothing else of it', async () => {
    pulse.start();
    await clock.advance(0);
    assert.deepEqual(sent(), [HEARTBEAT, UPDATE]);
    assert.deepEqual(api.lines(/^PATCH/)[0]?.body, { docker_slots: [1, 2] });
  });

  it('is a heartbeat and nothing more where the slot is known, or there is none', async () => {
    facts = { ...facts, dockerSlot: 1 };
    pulse.start();
    await clock.advance(0);
    facts = { ...facts, dockerSlot: undefined };
    await clock.advance(MINUTE);
    assert.deepEqual(sent(), [HEARTBEAT, HEARTBEAT]);
  });

  it('registers a machine that the API does not know', async () => {
    api.on(/heartbeat$/, () => {
      throw noSuchMachine();
    });
    pulse.start();
    await clock.advance(0);
    assert.deepEqual(sent(), [HEARTBEAT, REGISTER]);
    const expected = { machine_id: 'laptop', hostname: 'laptop.local', docker_slots: [2] };
    assert.deepEqual(api.lines(/^POST \/api\/machines$/)[0]?.body, expected);
  });
});
