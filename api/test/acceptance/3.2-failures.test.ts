import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { DetectFailuresReport, Session } from '@claude-projects/shared/contract';
import { JobsService } from '../../src/jobs/jobs.service.ts';
import { HOUR, MINUTE } from '../support/fake-clock.ts';
import { fieldsOf, refused } from '../support/refused.ts';
import { Scenario } from '../support/scenario.ts';
import { startTestApi, type TestApi } from '../support/test-api.ts';

async function detect(api: TestApi): Promise<DetectFailuresReport> {
  const { status, body } = await api.call<DetectFailuresReport>('POST', '/api/sessions/detect-failures');
  assert.equal(status, 200);
  return body;
}

describe('3.2 failures', () => {
  let api: TestApi;
  let scenario: Scenario;
  before(async () => {
    api = await startTestApi();
    scenario = new Scenario(api);
  });
  after(() => api.close());

  it('AC-3.2.a a session marked failed is failed, dated, and says why', async () => {
    const session = await scenario.session({ metadata: { kept: 1 } });
    api.clock.advance(MINUTE);
    const now = api.clock.now().toISOString();
    const path = `/api/sessions/${session.session_id}/mark-failed`;
    const report = { error_message: 'exit code 137', metadata: { signal: 'SIGKILL' } };
    assert.equal((await api.call('POST', path, report)).status, 200);
    assert.deepEqual(await scenario.readSession(session.session_id), {
      ...session,
      status: 'failed',
      health: 'ended',
      completed_at: now,
      error_message: 'exit code 137',
      metadata: { kept: 1, signal: 'SIGKILL', error_message: 'exit code 137' },
      updated_at: now,
    });
    const line = api.log.withMessage('Session marked failed').at(-1);
    assert.equal(line?.context['session_id'], session.session_id);
    assert.equal(line?.context['error_message'], 'exit code 137');
  });

  it('AC-3.2.a a failure is told with its reason', async () => {
    const { session_id } = await scenario.session();
    for (const body of [undefined, {}, { error_message: '' }, { error_message: ' ' }]) {
      await refused(api, 'VALIDATION_FAILED', 'POST', `/api/sessions/${session_id}/mark-failed`, body);
    }
    const error = await refused(api, 'VALIDATION_FAILED', 'POST', `/api/sessions/${session_id}/mark-failed`, {});
    assert.deepEqual(fieldsOf(error), ['error_message']);
    assert.equal((await scenario.readSession(session_id)).status, 'active');
  });

  it('AC-3.2.a a failure that is told again changes nothing', async () => {
    const failed = await scenario.failed(await scenario.session(), 'the first reason');
    api.clock.advance(MINUTE);
    assert.deepEqual(await scenario.failed(failed, 'the second reason'), failed);
  });

  for (const how of ['mark-failed', 'PATCH'] as const) {
    it(`AC-3.2.b by ${how} the running tasks of a session fail with it, and no others`, async () => {
      const session = await scenario.session();
      const running = [await scenario.taskIn(session, 'in_progress'), await scenario.taskIn(session, 'in_progress')];
      const statuses = ['pending', 'blocked', 'completed'] as const;
      const others = [];
      for (const status of statuses) others.push(await scenario.taskIn(session, status));
      const elsewhere = await scenario.taskIn(await scenario.session(), 'in_progress');
      api.clock.advance(MINUTE);
      const now = api.clock.now().toISOString();
      if (how === 'mark-failed') await scenario.failed(session, 'out of memory');
      else await scenario.update(session, { status: 'failed', error_message: 'out of memory' });
      for (const task of running) {
        const expected = { ...task, status: 'failed', completed_at: now, error_message: 'out of memory' };
        assert.deepEqual(await scenario.readTask(task.task_id), { ...expected, updated_at: now });
      }
      for (const task of [...others, elsewhere]) assert.deepEqual(await scenario.readTask(task.task_id), task);
      assert.equal((await scenario.readSession(session.session_id)).current_task_id, null);
    });
  }

  it('AC-3.2.c the background job marks a session silent for five minutes as stalled, and logs it', async () => {
    const silent = await scenario.session();
    api.clock.advance(5 * MINUTE);
    const lively = await scenario.session();
    const now = api.clock.now().toISOString();
    const outcome = await api.app.get(JobsService).run('detect-failures');
    assert.ok(outcome.ran && outcome.affected >= 1);
    const expected = { ...silent, status: 'stalled', health: 'stalled', stalled_at: now, updated_at: now };
    assert.deepEqual(await scenario.readSession(silent.session_id), expected);
    assert.deepEqual(await scenario.readSession(lively.session_id), lively);
    const lines = api.log.withMessage('Stalled session detected').map(({ context }) => context);
    const line = lines.find((context) => context['session_id'] === silent.session_id);
    assert.equal(line?.['project_id'], silent.project_id);
    assert.equal(line?.['machine_id'], silent.machine_id);
    assert.equal(line?.['time_since_heartbeat_ms'], 5 * MINUTE);
  });

  it('AC-3.2.d a session marked stalled is stalled and not over', async () => {
    const session = await scenario.session();
    api.clock.advance(MINUTE);
    const path = `/api/sessions/${session.session_id}/mark-stalled`;
    assert.equal((await api.call('POST', path)).status, 200);
    const stalled = await scenario.readSession(session.session_id);
    assert.equal(stalled.status, 'stalled');
    assert.equal(stalled.completed_at, null);
    assert.equal(stalled.stalled_at, api.clock.now().toISOString());
    assert.equal(api.log.withMessage('Session marked stalled').at(-1)?.context['session_id'], session.session_id);
    api.clock.advance(MINUTE);
    const again = await api.call<Session>('POST', path, { metadata: { seen: 2 } });
    assert.equal(again.body.stalled_at, stalled.stalled_at, 'the first time counts');
    assert.deepEqual(again.body.metadata, { seen: 2 });
  });

  it('AC-3.2.f a session marked failed is off the list of its machine', async () => {
    const { machine_id } = await scenario.machine();
    const kept = await scenario.session({ machine_id });
    await scenario.failed(await scenario.session({ machine_id }));
    assert.deepEqual((await scenario.readMachine(machine_id)).active_sessions, [kept.session_id]);
  });

  it('a session that does not exist is 404', async () => {
    const path = `/api/sessions/${randomUUID()}`;
    await refused(api, 'SESSION_NOT_FOUND', 'POST', `${path}/mark-failed`, { error_message: 'x' });
    await refused(api, 'SESSION_NOT_FOUND', 'POST', `${path}/mark-stalled`);
  });
});

describe('3.2 the scan', () => {
  it('AC-3.2.e marks 100 silent sessions within 30 seconds, each once', async function () {
    this.timeout(60_000);
    const api = await startTestApi();
    try {
      const scenario = new Scenario(api);
      const sessions: Session[] = [];
      for (let index = 0; index < 100; index++) sessions.push(await scenario.session());
      api.clock.advance(5 * MINUTE);
      const start = performance.now();
      const report = await detect(api);
      assert.ok(performance.now() - start < 30_000);
      assert.equal(report.marked_stalled, 100);
      const ids = sessions.map((session) => session.session_id);
      assert.deepEqual(report.session_ids.toSorted(), ids.sort());
      assert.ok(report.duration_ms < 30_000);
      assert.deepEqual((await detect(api)).session_ids, []);
    } finally {
      await api.close();
    }
  });

  it('of two scans at once each session goes to one', async () => {
    const api = await startTestApi();
    try {
      const scenario = new Scenario(api);
      for (let index = 0; index < 20; index++) await scenario.session();
      api.clock.advance(5 * MINUTE);
      const reports = await Promise.all([detect(api), detect(api)]);
      assert.equal(new Set(reports.flatMap((report) => report.session_ids)).size, 20);
      assert.equal(
        reports.reduce((sum, report) => sum + report.marked_stalled, 0),
        20,
      );
    } finally {
      await api.close();
    }
  });
});

describe('3.2 abandoned sessions', () => {
  it('a session stalled and silent for 24 hours becomes failed, its running tasks and its slot with it', async () => {
    const api = await startTestApi();
    try {
      const scenario = new Scenario(api);
      const { machine_id } = await scenario.machine();
      const session = await scenario.session({ machine_id, docker_slot: 1 });
      const task = await scenario.taskIn(session, 'in_progress');
      api.clock.advance(24 * HOUR);
      await detect(api);
      assert.equal((await scenario.readSession(session.session_id)).status, 'stalled');
      api.clock.advance(1);
      await detect(api);
      const abandoned = await scenario.readSession(session.session_id);
      assert.equal(abandoned.status, 'failed');
      assert.equal(abandoned.completed_at, api.clock.now().toISOString());
      assert.match(abandoned.error_message ?? '', /^abandoned/);
      assert.equal((await scenario.readTask(task.task_id)).status, 'failed');
      assert.deepEqual((await scenario.readMachine(machine_id)).active_sessions, []);
      assert.equal(api.log.withMessage('Session marked failed').at(-1)?.context['session_id'], session.session_id);
    } finally {
      await api.close();
    }
  });

  it('a paused session becomes failed after 24 hours of silence, and its slot is free', async () => {
    const api = await startTestApi();
    try {
      const scenario = new Scenario(api);
      const { machine_id } = await scenario.machine();
      const paused = await scenario.sessionIn('paused', { machine_id, docker_slot: 1 });
      const kept = await scenario.sessionIn('paused', { machine_id, docker_slot: 2 });
      api.clock.advance(24 * HOUR);
      await scenario.heartbeat(kept);
      await detect(api);
      assert.equal((await scenario.readSession(paused.session_id)).status, 'paused');
      api.clock.advance(1);
      await detect(api);
      const abandoned = await scenario.readSession(paused.session_id);
      assert.equal(abandoned.status, 'failed');
      assert.match(abandoned.error_message ?? '', /^abandoned/);
      assert.equal((await scenario.readSession(kept.session_id)).status, 'paused');
      assert.deepEqual((await scenario.readMachine(machine_id)).active_sessions, [kept.session_id]);
      const next = await scenario.session({ machine_id, docker_slot: 1 });
      assert.equal((await scenario.recovered(abandoned)).recovered_from, abandoned.session_id);
      assert.equal(next.status, 'active');
    } finally {
      await api.close();
    }
  });

  it('no session is given up whose silence is within the stall threshold', async () => {
    const api = await startTestApi({ stallThresholdMs: 30 * HOUR });
    try {
      const scenario = new Scenario(api);
      const [paused, stalled] = [await scenario.sessionIn('paused'), await scenario.sessionIn('stalled')];
      api.clock.advance(30 * HOUR);
      await detect(api);
      assert.equal((await scenario.readSession(paused.session_id)).status, 'paused');
      assert.equal((await scenario.readSession(stalled.session_id)).status, 'stalled');
      api.clock.advance(1);
      await detect(api);
      assert.equal((await scenario.readSession(paused.session_id)).status, 'failed');
      assert.equal((await scenario.readSession(stalled.session_id)).status, 'failed');
    } finally {
      await api.close();
    }
  });

  it('ABANDON_AFTER_HOURS=0 gives no session up', async () => {
    const api = await startTestApi({ abandonAfterHours: 0 });
    try {
      const scenario = new Scenario(api);
      const { session_id } = await scenario.session();
      api.clock.advance(1000 * HOUR);
      await detect(api);
      await detect(api);
      assert.equal((await scenario.readSession(session_id)).status, 'stalled');
    } finally {
      await api.close();
    }
  });
});
