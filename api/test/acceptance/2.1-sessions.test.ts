import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { Session, SessionList } from '@claude-projects/shared/contract';
import { MINUTE } from '../support/fake-clock.ts';
import { fieldsOf, refused } from '../support/refused.ts';
import { Scenario } from '../support/scenario.ts';
import { startTestApi, type TestApi } from '../support/test-api.ts';

const UUID_V4 = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

describe('2.1 sessions', () => {
  let api: TestApi;
  let scenario: Scenario;
  before(async () => {
    api = await startTestApi();
    scenario = new Scenario(api);
  });
  after(() => api.close());

  it('AC-2.1.a a session is created with an id of its own, active, dated now', async () => {
    const input = { project_id: randomUUID(), machine_id: randomUUID(), docker_slot: 2, metadata: { editor: 'x' } };
    const { status, body } = await api.call<Session>('POST', '/api/sessions', input);
    const now = api.clock.now().toISOString();
    assert.equal(status, 201);
    assert.match(body.session_id, UUID_V4);
    assert.deepEqual(body, {
      ...input,
      session_id: body.session_id,
      status: 'active',
      health: 'healthy',
      activity: 'working',
      activity_detail: null,
      current_task_id: null,
      last_heartbeat: now,
      last_progress_at: now,
      started_at: now,
      completed_at: null,
      stalled_at: null,
      archived_at: null,
      error_message: null,
      recovered_from: null,
      recovered_by: null,
      recovery_attempts: 0,
      created_at: now,
      updated_at: now,
    });
    assert.ok(await api.storage.sessions.get(body.session_id), 'it is not in the database');
    assert.equal(api.log.withMessage('Session created').at(-1)?.context['session_id'], body.session_id);
  });

  it('AC-2.1.b a session without project_id is refused with 400 and the name of the field', async () => {
    const machine_id = randomUUID();
    const error = await refused(api, 'VALIDATION_FAILED', 'POST', '/api/sessions', { machine_id });
    assert.deepEqual(fieldsOf(error), ['project_id']);
    assert.match(error.message, /project_id/);
    const { body } = await api.call<SessionList>('GET', `/api/sessions?machine_id=${machine_id}`);
    assert.equal(body.total, 0);
  });

  it('AC-2.1.c a session is read as it was created', async () => {
    const created = await scenario.session({ docker_slot: 0, metadata: { nested: { list: [1, null, 'three'] } } });
    const { status, body } = await api.call('GET', `/api/sessions/${created.session_id}`);
    assert.equal(status, 200);
    assert.deepEqual(body, created);
  });

  it('AC-2.1.d a session that does not exist is 404, whatever the shape of the id', async () => {
    for (const id of [randomUUID(), 'invalid-uuid-123', encodeURIComponent('ü / ?'), 'x'.repeat(500)]) {
      await refused(api, 'SESSION_NOT_FOUND', 'GET', `/api/sessions/${id}`);
      await refused(api, 'SESSION_NOT_FOUND', 'PATCH', `/api/sessions/${id}`, { status: 'paused' });
      await refused(api, 'SESSION_NOT_FOUND', 'DELETE', `/api/sessions/${id}`);
    }
  });

  it('AC-2.1.f a session is completed: status, completed_at and updated_at are written', async () => {
    const session = await scenario.session();
    api.clock.advance(MINUTE);
    const now = api.clock.now().toISOString();
    const { status } = await api.call('PATCH', `/api/sessions/${session.session_id}`, { status: 'completed' });
    assert.equal(status, 200);
    assert.deepEqual(await scenario.readSession(session.session_id), {
      ...session,
      status: 'completed',
      health: 'ended',
      completed_at: now,
      updated_at: now,
    });
  });

  it('AC-2.1.g a deleted session is gone', async () => {
    const { session_id } = await scenario.session();
    const { status, body } = await api.call('DELETE', `/api/sessions/${session_id}`);
    assert.equal(status, 204);
    assert.equal(body, null);
    await refused(api, 'SESSION_NOT_FOUND', 'GET', `/api/sessions/${session_id}`);
    await refused(api, 'SESSION_NOT_FOUND', 'DELETE', `/api/sessions/${session_id}`);
    assert.equal(api.log.withMessage('Session deleted').at(-1)?.context['session_id'], session_id);
  });

  it('metadata is merged key by key', async () => {
    const session = await scenario.session({ metadata: { kept: 1, replaced: { old: true } } });
    const updated = await scenario.update(session, { metadata: { replaced: { new: true }, added: null } });
    assert.deepEqual(updated.metadata, { kept: 1, replaced: { new: true }, added: null });
  });

  it('activity and its detail are written together, and a new activity forgets the old detail', async () => {
    const session = await scenario.session();
    const asking = { activity: 'waiting_for_input', activity_detail: 'Which branch?' } as const;
    const waiting = await scenario.update(session, asking);
    assert.equal(waiting.activity_detail, 'Which branch?');
    assert.equal(waiting.health, 'waiting');
    const working = await scenario.update(session, { activity: 'working' });
    assert.equal(working.activity, 'working');
    assert.equal(working.activity_detail, null);
    await refused(api, 'VALIDATION_FAILED', 'PATCH', `/api/sessions/${session.session_id}`, { activity: 'asleep' });
  });

  it('current_task_id can be set and cleared', async () => {
    const session = await scenario.session();
    assert.equal((await scenario.update(session, { current_task_id: 'task-1' })).current_task_id, 'task-1');
    assert.equal((await scenario.update(session, { activity: 'idle' })).current_task_id, 'task-1');
    assert.equal((await scenario.update(session, { current_task_id: null })).current_task_id, null);
  });

  it('an error message goes with a failure only, and is shown in the metadata as well', async () => {
    const session = await scenario.session();
    const path = `/api/sessions/${session.session_id}`;
    const error = await refused(api, 'VALIDATION_FAILED', 'PATCH', path, { error_message: 'out of tokens' });
    assert.deepEqual(fieldsOf(error), ['error_message']);
    const failed = await scenario.update(session, { status: 'failed', error_message: 'out of tokens' });
    assert.equal(failed.error_message, 'out of tokens');
    assert.equal(failed.metadata['error_message'], 'out of tokens');
  });

  it('unknown fields are refused by name, and nothing is written', async () => {
    const session = await scenario.session();
    const path = `/api/sessions/${session.session_id}`;
    const body = { metadata: { written: true }, last_heartbeat: '2020-01-01T00:00:00.000Z', colour: 'red' };
    const error = await refused(api, 'VALIDATION_FAILED', 'PATCH', path, body);
    assert.deepEqual(fieldsOf(error).sort(), ['colour', 'last_heartbeat']);
    assert.deepEqual(await scenario.readSession(session.session_id), session);
    for (const [method, route] of [
      ['POST', '/api/sessions'],
      ['POST', `${path}/heartbeat`],
      ['POST', `${path}/mark-failed`],
      ['POST', `${path}/mark-stalled`],
      ['POST', `${path}/recover`],
      ['POST', '/api/tasks'],
      ['POST', '/api/machines'],
    ] as const) {
      const refusal = await refused(api, 'VALIDATION_FAILED', method, route, { colour: 'red' });
      assert.ok(fieldsOf(refusal).includes('colour'), route);
    }
  });
});
