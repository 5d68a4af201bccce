import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { CleanupReport, Session, SessionList, SessionStatus } from '@claude-projects/shared/contract';
import { JobsService } from '../../src/jobs/jobs.service.ts';
import { DAY, MINUTE } from '../support/fake-clock.ts';
import { fieldsOf, refused } from '../support/refused.ts';
import { Scenario } from '../support/scenario.ts';
import { startTestApi, type TestApi } from '../support/test-api.ts';

describe('3.4 retention', () => {
  let api: TestApi;
  let scenario: Scenario;
  beforeEach(async () => {
    api = await startTestApi();
    scenario = new Scenario(api);
  });
  afterEach(() => api.close());

  const exists = async (session: Session) => (await api.storage.sessions.get(session.session_id)) !== null;

  async function cleanUp(query = '', method = 'POST'): Promise<CleanupReport> {
    const { status, body } = await api.call<CleanupReport>(method, `/api/sessions/cleanup${query}`);
    assert.equal(status, 200, JSON.stringify(body));
    return body;
  }

  async function archived(session: Session): Promise<Session> {
    const { status, body } = await api.call<Session>('POST', `/api/sessions/${session.session_id}/archive`);
    assert.equal(status, 200);
    return body;
  }

  it('AC-3.4.a the cleanup job deletes what ended 35 days ago, with its tasks, and logs it', async () => {
    const old = await scenario.session();
    const task = await scenario.taskIn(old, 'completed');
    const completed = await scenario.update(old, { status: 'completed' });
    const alive = await scenario.session();
    api.clock.advance(35 * DAY);
    const recent = await scenario.sessionIn('completed');
    assert.deepEqual(await api.app.get(JobsService).run('cleanup'), { ran: true, affected: 1 });
    await refused(api, 'SESSION_NOT_FOUND', 'GET', `/api/sessions/${old.session_id}`);
    await refused(api, 'TASK_NOT_FOUND', 'GET', `/api/tasks/${task.task_id}`);
    assert.ok(await exists(recent));
    assert.ok(await exists(alive));
    const line = api.log.withMessage('Session deleted').at(-1);
    assert.equal(line?.context['session_id'], old.session_id);
    assert.equal(line?.context['project_id'], old.project_id);
    assert.equal(line?.context['completed_at'], completed.completed_at);
  });

  it('AC-3.4.a what ended 30 days ago stays, and goes a millisecond later', async () => {
    const session = await scenario.sessionIn('failed');
    api.clock.advance(30 * DAY);
    assert.equal((await cleanUp()).deleted_sessions, 0);
    api.clock.advance(1);
    assert.equal((await cleanUp()).deleted_sessions, 1);
    assert.equal(await exists(session), false);
  });

  it('what ended 39 days before it was reported is kept for 30 days from the report', async () => {
    const daysAgo = (days: number) => new Date(api.clock.now().getTime() - days * DAY).toISOString();
    const session = await scenario.session({ occurred_at: daysAgo(40) });
    const task = await scenario.taskIn(session, 'completed');
    const ended = await scenario.update(session, { status: 'completed', occurred_at: daysAgo(39) });
    assert.equal(ended.completed_at, daysAgo(39));
    assert.deepEqual(await api.app.get(JobsService).run('cleanup'), { ran: true, affected: 0 });
    assert.deepEqual(await scenario.readSession(session.session_id), ended);
    api.clock.advance(30 * DAY);
    assert.equal((await cleanUp()).deleted_sessions, 0);
    assert.deepEqual(await scenario.readTask(task.task_id), task);
    api.clock.advance(1);
    assert.deepEqual(await cleanUp(), { deleted_sessions: 1, deleted_tasks: 1 });
  });

  it('what was recovered names its successor for 30 days from the recovery, however late its end was reported', async () => {
    const occurred_at = new Date(api.clock.now().getTime() - 39 * DAY).toISOString();
    const { session_id } = await scenario.session({ occurred_at });
    const report = { status: 'failed', error_message: 'the machine crashed', occurred_at } as const;
    const failed = await api.call<Session>('PATCH', `/api/sessions/${session_id}`, report);
    api.clock.advance(20 * DAY);
    const successor = await scenario.recovered(failed.body);
    const recoverAgain = async () =>
      api.call<Session>('POST', `/api/sessions/${session_id}/recover`, { new_machine_id: 'other' });
    for (const wait of [0, 30 * DAY]) {
      api.clock.advance(wait);
      assert.equal((await cleanUp()).deleted_sessions, 0);
      const { status, body } = await recoverAgain();
      assert.deepEqual([status, body.session_id], [200, successor.session_id]);
      const error = await refused(api, 'SESSION_ENDED', 'POST', `/api/sessions/${session_id}/heartbeat`);
      assert.equal(error.successor_session_id, successor.session_id);
    }
    api.clock.advance(1);
    assert.equal((await cleanUp()).deleted_sessions, 1);
    assert.ok(await exists(successor));
  });

  it('a recovery leaves an archived session archived for good', async () => {
    const session = await archived(await scenario.sessionIn('failed'));
    await scenario.recovered(session);
    api.clock.advance(400 * DAY);
    assert.equal((await cleanUp('?older_than_days=0')).deleted_sessions, 0);
    assert.ok(await exists(session));
  });

  it('AC-3.4.a what has not ended stays, however old', async () => {
    const sessions: Session[] = [];
    for (const status of ['active', 'paused', 'stalled'] as const) sessions.push(await scenario.sessionIn(status));
    api.clock.advance(400 * DAY);
    assert.equal((await cleanUp('?older_than_days=0')).deleted_sessions, 0);
    for (const session of sessions) assert.ok(await exists(session));
  });

  it('AC-3.4.b a session is deleted with all its tasks, and no others', async () => {
    const session = await scenario.session();
    for (const name of ['a', 'b', 'c']) await scenario.task(session, name);
    const other = await scenario.task(await scenario.session());
    assert.equal((await api.call('DELETE', `/api/sessions/${session.session_id}`)).status, 204);
    assert.deepEqual(await scenario.tasksOf(session), []);
    assert.deepEqual(await scenario.readTask(other.task_id), other);
  });

  for (const status of ['completed', 'failed'] as const) {
    it(`AC-3.4.c a ${status} session that is archived says so, also in its metadata`, async () => {
      const session = await scenario.sessionIn(status, { metadata: { kept: 1 } });
      api.clock.advance(MINUTE);
      const now = api.clock.now().toISOString();
      await archived(session);
      const expected = {
        ...session,
        archived_at: now,
        metadata: { ...session.metadata, archived: true, archived_at: now },
        updated_at: now,
      };
      assert.deepEqual(await scenario.readSession(session.session_id), expected);
      assert.equal(api.log.withMessage('Session archived').at(-1)?.context['session_id'], session.session_id);
      api.clock.advance(MINUTE);
      assert.deepEqual(await archived(session), expected, 'archived again it is as it was');
    });
  }

  it('AC-3.4.c only what has ended can be archived', async () => {
    for (const status of ['active', 'paused', 'stalled'] as const satisfies SessionStatus[]) {
      const session = await scenario.sessionIn(status);
      const error = await refused(api, 'INVALID_STATE', 'POST', `/api/sessions/${session.session_id}/archive`);
      assert.match(error.message, new RegExp(status));
      assert.deepEqual(await scenario.readSession(session.session_id), session);
    }
    await refused(api, 'SESSION_NOT_FOUND', 'POST', `/api/sessions/${randomUUID()}/archive`);
  });

  it('AC-3.4.d an archived session and its tasks are never cleaned up', async () => {
    const session = await scenario.session();
    const task = await scenario.taskIn(session, 'completed');
    await scenario.update(session, { status: 'completed' });
    const kept = await archived(session);
    api.clock.advance(400 * DAY);
    assert.deepEqual(await api.app.get(JobsService).run('cleanup'), { ran: true, affected: 0 });
    assert.deepEqual(await cleanUp('?older_than_days=0'), { deleted_sessions: 0, deleted_tasks: 0 });
    assert.deepEqual(await scenario.readSession(session.session_id), kept);
    assert.deepEqual(await scenario.readTask(task.task_id), task);
  });

  it('AC-3.4.d an archived session can still be deleted by name', async () => {
    const session = await archived(await scenario.sessionIn('completed'));
    assert.equal((await api.call('DELETE', `/api/sessions/${session.session_id}`)).status, 204);
    assert.equal(await exists(session), false);
  });

  for (const method of ['POST', 'DELETE']) {
    it(`AC-3.4.e ${method} cleanup tells how many sessions and tasks it deleted`, async () => {
      for (let index = 0; index < 5; index++) {
        const session = await scenario.session();
        await scenario.task(session);
        await scenario.task(session);
        await scenario.update(session, { status: 'completed' });
      }
      api.clock.advance(31 * DAY);
      const recent = await scenario.sessionIn('completed');
      assert.deepEqual(await cleanUp('', method), { deleted_sessions: 5, deleted_tasks: 10 });
      assert.deepEqual(await cleanUp('', method), { deleted_sessions: 0, deleted_tasks: 0 });
      assert.ok(await exists(recent));
    });
  }

  it('AC-3.4.e older_than_days takes the place of the configured retention', async () => {
    const old = await scenario.sessionIn('completed');
    api.clock.advance(5 * DAY);
    const recent = await scenario.sessionIn('failed');
    api.clock.advance(2 * DAY);
    assert.equal((await cleanUp('?older_than_days=10')).deleted_sessions, 0);
    assert.equal((await cleanUp('?older_than_days=6')).deleted_sessions, 1);
    assert.deepEqual([await exists(old), await exists(recent)], [false, true]);
    assert.equal((await cleanUp('?older_than_days=0', 'DELETE')).deleted_sessions, 1);
    for (const value of ['-1', 'ten', '1.5', '3651']) {
      const error = await refused(api, 'VALIDATION_FAILED', 'POST', `/api/sessions/cleanup?older_than_days=${value}`);
      assert.deepEqual(fieldsOf(error), ['older_than_days']);
    }
  });

  it('more sessions than one batch are cleaned up in one go', async function () {
    this.timeout(60_000);
    for (let index = 0; index < 205; index++) await scenario.sessionIn('completed');
    api.clock.advance(31 * DAY);
    assert.equal((await cleanUp()).deleted_sessions, 205);
  });

  it('archived sessions have a list of their own, newest first, filtered and paged', async () => {
    const project_id = randomUUID();
    const sessions: Session[] = [];
    for (let index = 0; index < 3; index++) {
      api.clock.advance(MINUTE);
      sessions.push(await archived(await scenario.sessionIn('completed', { project_id })));
    }
    await archived(await scenario.sessionIn('failed'));
    await scenario.sessionIn('completed', { project_id });
    const list = async (query: string) => {
      const { status, body } = await api.call<SessionList>('GET', `/api/sessions/archived?${query}`);
      assert.equal(status, 200);
      return body;
    };
    assert.equal((await list('')).total, 4);
    assert.deepEqual(await list(`project_id=${project_id}&limit=2`), {
      sessions: sessions.toReversed().slice(0, 2),
      total: 3,
      limit: 2,
      offset: 0,
    });
    const { machine_id } = sessions[0] ?? assert.fail();
    assert.equal((await list(`machine_id=${machine_id}`)).total, 1);
  });

  it('a session with RETENTION_DAYS of its configuration goes by those', async () => {
    const brief = await startTestApi({ retentionDays: 1 });
    try {
      await new Scenario(brief).sessionIn('completed');
      brief.clock.advance(DAY + 1);
      assert.equal((await brief.call('POST', '/api/sessions/cleanup')).body['deleted_sessions'], 1);
    } finally {
      await brief.close();
    }
  });
});
