import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { Machine, MachineList } from '@claude-projects/shared/contract';
import { JobsService } from '../../src/jobs/jobs.service.ts';
import { MINUTE } from '../support/fake-clock.ts';
import { fieldsOf, refused } from '../support/refused.ts';
import { Scenario } from '../support/scenario.ts';
import { startTestApi, type TestApi } from '../support/test-api.ts';

describe('2.3 machines', () => {
  let api: TestApi;
  let scenario: Scenario;
  before(async () => {
    api = await startTestApi();
    scenario = new Scenario(api);
  });
  after(() => api.close());

  const pathOf = ({ machine_id }: Pick<Machine, 'machine_id'>) => `/api/machines/${encodeURIComponent(machine_id)}`;

  it('AC-2.3.a a machine is registered with an id of its own, online, with no sessions', async () => {
    const input = { hostname: 'build-1', docker_slots: [1], metadata: { os: 'linux' } };
    const { status, body } = await api.call<Machine>('POST', '/api/machines', input);
    const now = api.clock.now().toISOString();
    assert.equal(status, 201);
    assert.match(body.machine_id, /^[0-9a-f-]{36}$/);
    assert.deepEqual(body, {
      ...input,
      machine_id: body.machine_id,
      active_sessions: [],
      status: 'online',
      last_heartbeat: now,
      created_at: now,
      updated_at: now,
    });
  });

  it('AC-2.3.b docker slots are kept in their order', async () => {
    const machine = await scenario.machine(randomUUID(), [1, 2, 3]);
    assert.deepEqual((await scenario.readMachine(machine.machine_id)).docker_slots, [1, 2, 3]);
    await api.call('PATCH', pathOf(machine), { docker_slots: [3, 1] });
    assert.deepEqual((await scenario.readMachine(machine.machine_id)).docker_slots, [3, 1]);
  });

  it('AC-2.3.c a session that is created is on the list of its machine, and on no other', async () => {
    const [machine, other] = [await scenario.machine(), await scenario.machine()];
    const { session_id } = await scenario.session({ machine_id: machine.machine_id });
    assert.deepEqual((await scenario.readMachine(machine.machine_id)).active_sessions, [session_id]);
    assert.deepEqual((await scenario.readMachine(other.machine_id)).active_sessions, []);
  });

  it('AC-2.3.c a machine that registers after its sessions began knows them', async () => {
    const machine_id = randomUUID();
    const { session_id } = await scenario.session({ machine_id });
    assert.deepEqual((await scenario.machine(machine_id)).active_sessions, [session_id]);
  });

  it('AC-2.3.d a session that is deleted is off the list', async () => {
    const { machine_id } = await scenario.machine();
    const kept = await scenario.session({ machine_id });
    const { session_id } = await scenario.session({ machine_id });
    assert.equal((await api.call('DELETE', `/api/sessions/${session_id}`)).status, 204);
    assert.deepEqual((await scenario.readMachine(machine_id)).active_sessions, [kept.session_id]);
  });

  it('a session that ends is off the list; one that is paused or stalled stays on it', async () => {
    const { machine_id } = await scenario.machine();
    for (const status of ['completed', 'failed'] as const) await scenario.sessionIn(status, { machine_id });
    const paused = await scenario.sessionIn('paused', { machine_id });
    const stalled = await scenario.sessionIn('stalled', { machine_id });
    const { active_sessions } = await scenario.readMachine(machine_id);
    assert.deepEqual(active_sessions.toSorted(), [paused.session_id, stalled.session_id].sort());
  });

  it('AC-2.3.e a heartbeat dates the machine and brings an offline one online', async () => {
    const machine = await scenario.machine();
    await api.call('PATCH', pathOf(machine), { status: 'offline' });
    api.clock.advance(MINUTE);
    const { status } = await api.call('POST', `${pathOf(machine)}/heartbeat`);
    assert.equal(status, 200);
    const beaten = await scenario.readMachine(machine.machine_id);
    assert.equal(beaten.status, 'online');
    assert.equal(beaten.last_heartbeat, api.clock.now().toISOString());
  });

  it('AC-2.3.e a heartbeat leaves a machine in maintenance there', async () => {
    const machine = await scenario.machine();
    await api.call('PATCH', pathOf(machine), { status: 'maintenance' });
    api.clock.advance(MINUTE);
    const { body } = await api.call('POST', `${pathOf(machine)}/heartbeat`);
    assert.equal(body['status'], 'maintenance');
    assert.equal(body['last_heartbeat'], api.clock.now().toISOString());
  });

  it('a heartbeat mends a list that disagrees with the sessions', async () => {
    const machine = await scenario.machine();
    const { session_id } = await scenario.session({ machine_id: machine.machine_id });
    await api.storage.machines.update(machine.machine_id, { set: { active_sessions: ['gone'] } });
    await api.call('POST', `${pathOf(machine)}/heartbeat`);
    assert.deepEqual((await scenario.readMachine(machine.machine_id)).active_sessions, [session_id]);
  });

  it('a machine that registers again is brought up to date and online: 200, not a second machine', async () => {
    const machine = await scenario.machine(`rack ${randomUUID()} / ü`, [1]);
    await api.call('PATCH', pathOf(machine), { status: 'offline' });
    const session = await scenario.session({ machine_id: machine.machine_id });
    api.clock.advance(MINUTE);
    const again = { machine_id: machine.machine_id, hostname: 'renamed', docker_slots: [7] };
    const { status, body } = await api.call<Machine>('POST', '/api/machines', again);
    assert.equal(status, 200);
    assert.deepEqual(body, await scenario.readMachine(machine.machine_id));
    assert.equal(body.status, 'online');
    assert.equal(body.hostname, 'renamed');
    assert.deepEqual(body.docker_slots, [7]);
    assert.deepEqual(body.active_sessions, [session.session_id]);
    assert.equal(body.created_at, machine.created_at);
  });

  it('a machine that registers again stays in maintenance and keeps its metadata', async () => {
    const machine_id = randomUUID();
    const first = { machine_id, hostname: 'rack-1', docker_slots: [1], metadata: { owner: 'ops', cpu: 8 } };
    assert.equal((await api.call('POST', '/api/machines', first)).status, 201);
    await api.call('PATCH', pathOf(first), { status: 'maintenance' });
    api.clock.advance(MINUTE);
    const again = { machine_id, hostname: 'rack-1', docker_slots: [1, 2] };
    const { status, body } = await api.call<Machine>('POST', '/api/machines', again);
    assert.equal(status, 200);
    assert.equal(body.status, 'maintenance');
    assert.deepEqual(body.metadata, { owner: 'ops', cpu: 8 });
    assert.deepEqual(body.docker_slots, [1, 2]);
    assert.equal(body.last_heartbeat, api.clock.now().toISOString());
    const more = await api.call<Machine>('POST', '/api/machines', { ...again, metadata: { cpu: 16, os: null } });
    assert.deepEqual(more.body.metadata, { owner: 'ops', cpu: 16, os: null });
    assert.deepEqual(more.body, await scenario.readMachine(machine_id));
  });

  it('metadata that grows too large by registering again is refused and changes nothing', async () => {
    const machine_id = randomUUID();
    const half = 'x'.repeat(40 * 1024);
    const input = { machine_id, hostname: 'host', docker_slots: [] };
    await api.call('POST', '/api/machines', { ...input, metadata: { a: half } });
    await refused(api, 'VALIDATION_FAILED', 'POST', '/api/machines', { ...input, metadata: { b: half } });
    assert.deepEqual((await scenario.readMachine(machine_id)).metadata, { a: half });
  });

  it('a machine is changed field by field, its metadata key by key', async () => {
    const { body: machine } = await api.call<Machine>('POST', '/api/machines', {
      hostname: 'host',
      docker_slots: [1],
      metadata: { cpu: 8, os: 'linux' },
    });
    api.clock.advance(MINUTE);
    const { status, body } = await api.call('PATCH', pathOf(machine), { metadata: { cpu: 16 } });
    assert.equal(status, 200);
    const updated_at = api.clock.now().toISOString();
    assert.deepEqual(body, { ...machine, metadata: { cpu: 16, os: 'linux' }, updated_at });
    const error = await refused(api, 'VALIDATION_FAILED', 'PATCH', pathOf(machine), { active_sessions: [] });
    assert.deepEqual(fieldsOf(error), ['active_sessions']);
  });

  it('a machine that does not exist is 404', async () => {
    const path = `/api/machines/${randomUUID()}`;
    await refused(api, 'MACHINE_NOT_FOUND', 'GET', path);
    await refused(api, 'MACHINE_NOT_FOUND', 'PATCH', path, { status: 'offline' });
    await refused(api, 'MACHINE_NOT_FOUND', 'DELETE', path);
    await refused(api, 'MACHINE_NOT_FOUND', 'POST', `${path}/heartbeat`);
  });

  it('a machine is forgotten once it has no live session, and not before', async () => {
    const machine = await scenario.machine();
    const session = await scenario.session({ machine_id: machine.machine_id });
    await refused(api, 'MACHINE_IN_USE', 'DELETE', pathOf(machine));
    await scenario.update(session, { status: 'completed' });
    assert.equal((await api.call('DELETE', pathOf(machine))).status, 204);
    await refused(api, 'MACHINE_NOT_FOUND', 'GET', pathOf(machine));
  });
});

describe('2.3 lists of machines', () => {
  let api: TestApi;
  before(async () => {
    api = await startTestApi();
  });
  after(() => api.close());

  it('AC-2.3.f of an online and an offline machine, ?status=online gives the online one only', async () => {
    const scenario = new Scenario(api);
    const [online, offline] = [await scenario.machine('b-online'), await scenario.machine('a-offline')];
    await api.call('PATCH', `/api/machines/${offline.machine_id}`, { status: 'offline' });
    const { status, body } = await api.call<MachineList>('GET', '/api/machines?status=online');
    assert.equal(status, 200);
    assert.deepEqual(body, { machines: [online], total: 1, limit: 50, offset: 0 });
  });

  it('come by name, page by page, with the total of all pages', async () => {
    const { body } = await api.call<MachineList>('GET', '/api/machines?limit=1');
    assert.deepEqual([body.machines[0]?.machine_id, body.machines.length, body.total], ['a-offline', 1, 2]);
    const second = await api.call<MachineList>('GET', '/api/machines?limit=1&offset=1');
    assert.equal(second.body.machines[0]?.machine_id, 'b-online');
    await refused(api, 'VALIDATION_FAILED', 'GET', '/api/machines?limit=101');
  });
});

describe('2.3 silent machines', () => {
  const LIMIT = 9 * MINUTE;
  let api: TestApi;
  let scenario: Scenario;
  beforeEach(async () => {
    api = await startTestApi();
    scenario = new Scenario(api);
  });
  afterEach(() => api.close());

  const beat = (machine: Machine) => api.call('POST', `/api/machines/${machine.machine_id}/heartbeat`);
  const statusOf = async ({ machine_id }: Machine) => (await scenario.readMachine(machine_id)).status;
  const sweep = async () => assert.equal((await api.app.get(JobsService).run('detect-failures')).ran, true);

  it('are offline after three stall thresholds, and online with their next heartbeat', async () => {
    const [silent, beating] = [await scenario.machine(), await scenario.machine()];
    api.clock.advance(LIMIT);
    await beat(beating);
    await sweep();
    assert.equal(await statusOf(silent), 'online');
    api.clock.advance(2 * MINUTE);
    await sweep();
    assert.deepEqual(await scenario.readMachine(silent.machine_id), {
      ...silent,
      status: 'offline',
      updated_at: api.clock.now().toISOString(),
    });
    assert.equal(await statusOf(beating), 'online');
    const [line, ...others] = api.log.withMessage('Machine went offline');
    assert.equal(line?.level, 'WARN');
    assert.deepEqual(line.context, { machine_id: silent.machine_id, last_heartbeat: silent.last_heartbeat });
    assert.deepEqual(others, []);
    const { text } = await metricsOf(api);
    assert.match(text, /^offline_machines_count 1$/m);
    await beat(silent);
    assert.equal(await statusOf(silent), 'online');
    assert.match((await metricsOf(api)).text, /^offline_machines_count 0$/m);
  });

  it('a machine whose sessions beat is online, whatever their status', async () => {
    const machine = await scenario.machine();
    const { machine_id } = machine;
    const paused = await scenario.sessionIn('paused', { machine_id });
    const active = await scenario.session({ machine_id });
    api.clock.advance(LIMIT);
    await scenario.heartbeat(paused);
    api.clock.advance(1);
    await sweep();
    assert.equal(await statusOf(machine), 'online');
    await scenario.heartbeat(active);
    await scenario.update(active, { status: 'completed' });
    api.clock.advance(LIMIT);
    await sweep();
    assert.equal(await statusOf(machine), 'online', 'the last session was heard, and has ended since');
    api.clock.advance(2 * MINUTE);
    await sweep();
    assert.equal(await statusOf(machine), 'offline');
  });

  it('a machine is online again once one of its sessions is heard', async () => {
    const machine = await scenario.machine();
    const session = await scenario.session({ machine_id: machine.machine_id });
    api.clock.advance(LIMIT + MINUTE);
    await sweep();
    assert.equal(await statusOf(machine), 'offline');
    api.clock.advance(2 * MINUTE);
    await sweep();
    assert.equal(await statusOf(machine), 'offline');
    await scenario.heartbeat(session);
    api.clock.advance(2 * MINUTE);
    await sweep();
    assert.equal(await statusOf(machine), 'online');
    assert.equal(api.log.withMessage('Machine is online again')[0]?.context['machine_id'], machine.machine_id);
  });

  it('maintenance is left to people', async () => {
    const machine = await scenario.machine();
    await api.call('PATCH', `/api/machines/${machine.machine_id}`, { status: 'maintenance' });
    api.clock.advance(LIMIT + MINUTE);
    await sweep();
    assert.equal(await statusOf(machine), 'maintenance');
  });

  it('the scan that is asked for looks at machines, too', async () => {
    const machine = await scenario.machine();
    api.clock.advance(LIMIT + 1);
    assert.equal((await api.call('POST', '/api/sessions/detect-failures')).status, 200);
    assert.equal(await statusOf(machine), 'offline');
  });
});

async function metricsOf(api: TestApi): Promise<{ text: string }> {
  const reply = await fetch(`${api.url}/metrics`, { headers: { 'X-API-Key': api.key } });
  return { text: await reply.text() };
}
