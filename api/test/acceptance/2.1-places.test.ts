import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { Session } from '@claude-projects/shared/contract';
import { MINUTE } from '../support/fake-clock.ts';
import { refused } from '../support/refused.ts';
import { Scenario } from '../support/scenario.ts';
import { startTestApi, type TestApi } from '../support/test-api.ts';

const TAKEN = 'ACTIVE_SESSION_EXISTS';

describe('2.1 one session in a place', () => {
  let api: TestApi;
  let scenario: Scenario;
  before(async () => {
    api = await startTestApi();
    scenario = new Scenario(api);
  });
  after(() => api.close());

  async function isTaken(place: object, holder: Session): Promise<void> {
    const error = await refused(api, TAKEN, 'POST', '/api/sessions', place);
    assert.equal(error.conflicting_session_id, holder.session_id);
  }

  it('a second session of a project on a machine is refused, and the refusal names the first', async () => {
    const place = { project_id: randomUUID(), machine_id: randomUUID() };
    const holder = await scenario.session(place);
    await isTaken(place, holder);
    await scenario.session({ ...place, project_id: randomUUID() });
    await scenario.session({ ...place, machine_id: randomUUID() });
    await scenario.session({ ...place, docker_slot: 0 });
    await isTaken(place, holder);
  });

  for (const status of ['paused', 'stalled', 'completed', 'failed'] as const) {
    it(`a ${status} session leaves its place to another`, async () => {
      const place = { project_id: randomUUID(), machine_id: randomUUID() };
      await scenario.sessionIn(status, place);
      const next = await scenario.session(place);
      await isTaken(place, next);
    });
  }

  it('of many creates in one place at once, one succeeds and the others name it', async () => {
    const place = { project_id: randomUUID(), machine_id: randomUUID() };
    const replies = await Promise.all(Array.from({ length: 10 }, async () => api.call('POST', '/api/sessions', place)));
    const created = replies.filter((reply) => reply.status === 201);
    assert.equal(created.length, 1);
    const others = replies.filter((reply) => reply.status === 409);
    assert.equal(others.length, 9);
    for (const { body } of others) assert.equal(body['conflicting_session_id'], created[0]?.body['session_id']);
  });

  it('a docker slot serves one session, whatever its project', async () => {
    const slot = { machine_id: randomUUID(), docker_slot: 1 };
    const holder = await scenario.session(slot);
    await isTaken({ ...slot, project_id: holder.project_id }, holder);
    await isTaken({ ...slot, project_id: randomUUID() }, holder);
    await scenario.session({ ...slot, docker_slot: 2 });
    await scenario.session({ ...slot, machine_id: randomUUID() });
  });

  it('a paused session keeps its docker slot', async () => {
    const slot = { machine_id: randomUUID(), docker_slot: 1 };
    const holder = await scenario.sessionIn('paused', slot);
    await isTaken({ ...slot, project_id: holder.project_id }, holder);
    await isTaken({ ...slot, project_id: randomUUID() }, holder);
  });

  for (const status of ['stalled', 'completed', 'failed'] as const) {
    it(`a ${status} session frees its docker slot`, async () => {
      const slot = { machine_id: randomUUID(), docker_slot: 1 };
      await scenario.sessionIn(status, slot);
      await scenario.session({ ...slot, project_id: randomUUID() });
    });
  }

  it('a paused session whose place was taken cannot resume, and stays paused', async () => {
    const place = { project_id: randomUUID(), machine_id: randomUUID() };
    const paused = await scenario.sessionIn('paused', place);
    const holder = await scenario.session(place);
    const path = `/api/sessions/${paused.session_id}`;
    const error = await refused(api, TAKEN, 'PATCH', path, { status: 'active', metadata: { resumed: true } });
    assert.equal(error.conflicting_session_id, holder.session_id);
    assert.deepEqual(await scenario.readSession(paused.session_id), paused);
    await scenario.update(holder, { status: 'completed' });
    assert.equal((await scenario.update(paused, { status: 'active' })).status, 'active');
  });

  for (const slot of [{}, { docker_slot: 9 }]) {
    const where = 'docker_slot' in slot ? 'slot' : 'place';
    it(`a stalled session whose ${where} was taken gets 409 on its heartbeat and stays stalled`, async () => {
      const place = { project_id: randomUUID(), machine_id: randomUUID(), ...slot };
      const stalled = await scenario.sessionIn('stalled', place);
      const other = 'docker_slot' in slot ? { project_id: randomUUID() } : {};
      const holder = await scenario.session({ ...place, ...other });
      api.clock.advance(MINUTE);
      for (const beat of [undefined, {}, { metadata: { back: true } }, { current_task_id: 'task-1' }]) {
        const path = `/api/sessions/${stalled.session_id}/heartbeat`;
        const error = await refused(api, TAKEN, 'POST', path, beat);
        assert.equal(error.conflicting_session_id, holder.session_id);
      }
      assert.deepEqual(await scenario.readSession(stalled.session_id), stalled);
      await scenario.update(holder, { status: 'completed' });
      assert.equal((await scenario.heartbeat(stalled)).status, 'active');
    });
  }

  it('a stalled session whose place was taken moves to a free slot, and is active there', async () => {
    const place = { project_id: randomUUID(), machine_id: randomUUID() };
    const stalled = await scenario.sessionIn('stalled', place);
    await scenario.session(place);
    const neighbour = await scenario.session({ ...place, docker_slot: 1 });
    const path = `/api/sessions/${stalled.session_id}`;
    const error = await refused(api, TAKEN, 'PATCH', path, { status: 'active', docker_slot: 1 });
    assert.equal(error.conflicting_session_id, neighbour.session_id);
    assert.deepEqual(await scenario.readSession(stalled.session_id), stalled);
    for (let times = 0; times < 2; times += 1) {
      const moved = await scenario.update(stalled, { status: 'active', docker_slot: 2 });
      assert.deepEqual([moved.status, moved.docker_slot, moved.stalled_at], ['active', 2, null]);
    }
    await isTaken({ ...place, docker_slot: 2 }, stalled);
  });

  it('a session that moves frees the place it had', async () => {
    const place = { project_id: randomUUID(), machine_id: randomUUID() };
    const session = await scenario.session(place);
    await scenario.update(session, { docker_slot: 3 });
    await scenario.session(place);
  });

  it('a session that ends does not move', async () => {
    const session = await scenario.session({ machine_id: randomUUID() });
    const path = `/api/sessions/${session.session_id}`;
    await refused(api, 'VALIDATION_FAILED', 'PATCH', path, { status: 'completed', docker_slot: 3 });
    await scenario.update(session, { status: 'completed' });
    await refused(api, 'SESSION_ENDED', 'PATCH', path, { docker_slot: 3 });
  });
});
