import assert from 'node:assert/strict';
import type { Session, Task } from '@claude-projects/shared/contract';
import { MINUTE } from '../support/fake-clock.ts';
import { refused } from '../support/refused.ts';
import { Scenario } from '../support/scenario.ts';
import { startTestApi, type TestApi } from '../support/test-api.ts';

describe('3.3 a process that comes back after its session was recovered', () => {
  let api: TestApi;
  let scenario: Scenario;
  let original: Session;
  let successor: Session;
  let running: Task;
  let failed: Task;
  let moved: Task;

  before(async () => {
    api = await startTestApi();
    scenario = new Scenario(api);
    original = await scenario.session();
    running = await scenario.taskIn(original, 'in_progress');
    failed = await scenario.taskIn(original, 'failed');
    moved = await scenario.task(original);
    api.clock.advance(4 * MINUTE);
    await api.call('POST', '/api/sessions/detect-failures');
    successor = await scenario.recovered(original);
  });
  after(() => api.close());

  /** The refusal names the successor, and neither session has changed. */
  async function fenced(method: string, path: string, body?: object): Promise<void> {
    const before = [await everythingOf(original), await everythingOf(successor)];
    api.clock.advance(1);
    const error = await refused(api, 'SESSION_ENDED', method, path, body);
    assert.equal(error.successor_session_id, successor.session_id);
    assert.deepEqual([await everythingOf(original), await everythingOf(successor)], before);
  }

  const everythingOf = async ({ session_id }: Session) => {
    const session = await scenario.readSession(session_id);
    return { session, tasks: await scenario.tasksOf(session) };
  };

  for (const [what, body] of [
    ['a heartbeat', undefined],
    ['a heartbeat with content', { current_task_id: 'task-1', metadata: { late: true } }],
  ] as const) {
    it(`is told by ${what}`, () => fenced('POST', `/api/sessions/${original.session_id}/heartbeat`, body));
  }

  for (const body of [
    { metadata: { late: true } },
    { activity: 'idle' },
    { status: 'active' },
    { status: 'paused' },
    { status: 'completed' },
    { status: 'failed', error_message: 'late' },
  ]) {
    it(`is told by a PATCH with ${JSON.stringify(body)}`, () =>
      fenced('PATCH', `/api/sessions/${original.session_id}`, body));
  }

  it('is told when it marks itself failed or stalled', async () => {
    await fenced('POST', `/api/sessions/${original.session_id}/mark-failed`, { error_message: 'late' });
    await fenced('POST', `/api/sessions/${original.session_id}/mark-stalled`);
  });

  it('is told when it adds a task', async () => {
    const { session_id, project_id } = original;
    await fenced('POST', '/api/tasks', { session_id, project_id, task_name: 'late' });
  });

  it('is told when it starts a task of its session', () =>
    fenced('PATCH', `/api/tasks/${failed.task_id}`, { status: 'in_progress' }));

  it('is told when it starts a task that moved on, provided it says who it is', async () => {
    const { session_id } = original;
    await fenced('PATCH', `/api/tasks/${moved.task_id}`, { status: 'in_progress', session_id });
  });

  it('does not disturb the successor, which names itself with the same task', async () => {
    const { session_id } = successor;
    const { status } = await api.call('PATCH', `/api/tasks/${moved.task_id}`, { metadata: { seen: true }, session_id });
    assert.equal(status, 200);
    const stranger = await scenario.session();
    const { details } = await refused(api, 'VALIDATION_FAILED', 'PATCH', `/api/tasks/${moved.task_id}`, {
      status: 'in_progress',
      session_id: stranger.session_id,
    });
    assert.equal(details?.[0]?.field, 'session_id');
  });

  it('is told when it reports the end of the task it was at', async () => {
    await fenced('PATCH', `/api/tasks/${running.task_id}`, { status: 'completed' });
    await fenced('PATCH', `/api/tasks/${running.task_id}`, { status: 'blocked' });
  });

  it('is told who continues it when it asks', async () => {
    const { recovered_by, status } = await scenario.readSession(original.session_id);
    assert.deepEqual([recovered_by, status], [successor.session_id, 'completed']);
  });
});
