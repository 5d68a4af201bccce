import assert from 'node:assert/strict';
import { hostname } from 'node:os';
import type { Orchestration } from '../../../api.d.ts';
import { api, untilSession, untilTasks } from '../support/api-client.ts';
import { startOrchestration, valueOf } from '../support/claude-projects.ts';
import { eventually } from '../support/eventually.ts';
import { logMark, logText, storedFiles, untilLogged } from '../support/extension-files.ts';
import { liveApi } from '../support/live-api.ts';
import { startRefusingApi } from '../support/refusing-api.ts';
import { changeSetting } from '../support/settings.ts';

describe('an orchestration in the editor', () => {
  let orchestration: Orchestration;

  async function start(projectId: string): Promise<Orchestration> {
    orchestration = await startOrchestration({ projectId });
    return orchestration;
  }

  afterEach(async () => {
    await liveApi.start();
    await orchestration?.complete();
  });

  it('AC-4.3.a: when it starts, the API gets a session, and the extension keeps its id', async () => {
    const { sessionId } = await start('acceptance/a');
    const session = await untilSession(sessionId, 'was created');
    assert.equal(session.status, 'active');
    assert.equal(session.project_id, 'acceptance/a');
    assert.equal(session.machine_id, hostname());
    // A slow disk is not waited for, so it may come a moment later.
    await eventually('the journal of the session', () => storedFiles().find((path) => path.includes(sessionId)));
  });

  it('AC-4.3.b: while it runs, a heartbeat comes every interval, and names the task', async function () {
    this.timeout(90_000);
    const { sessionId } = await start('acceptance/b');
    const { started_at } = await untilSession(sessionId, 'was created');
    const { taskId } = valueOf(await orchestration.startTask({ name: 'Work' }));
    const beats = new Set<string>();
    await eventually(
      'three heartbeats',
      async () => {
        const { last_heartbeat, current_task_id } = await api.getSession(sessionId);
        if (last_heartbeat === started_at) return undefined;
        if (current_task_id === taskId) beats.add(last_heartbeat);
        return beats.size >= 4 ? beats : undefined;
      },
      80_000,
    );
    // The first may be an event of the task; between the others lies the interval of the settings: 10 s, and up to 5 s.
    const times = [...beats].map((beat) => Date.parse(beat));
    const gaps = times.slice(2).map((time, index) => time - (times[index + 1] ?? time));
    for (const gap of gaps) assert.ok(gap >= 5_000 && gap <= 15_000, `beats came ${gaps.join(', ')} ms apart`);
  });

  it('AC-4.3.c: when a task begins, is done, waits or fails, the API knows', async () => {
    const { sessionId } = await start('acceptance/c');
    const read = valueOf(await orchestration.startTask({ name: 'Read', githubIssueId: '42', metadata: { size: 3 } }));
    const write = valueOf(await orchestration.startTask({ name: 'Write' }));
    const [first, second] = await untilTasks(
      sessionId,
      'run',
      (tasks) => tasks.length === 2 && tasks.every(({ status }) => status === 'in_progress'),
    );
    assert.equal(first?.task_id, read.taskId);
    assert.equal(first?.task_name, 'Read');
    assert.equal(first?.github_issue_id, '42');
    assert.equal(first?.metadata['size'], 3);
    assert.equal(second?.task_id, write.taskId);

    valueOf(await read.complete());
    valueOf(await write.block('Waits for a review'));
    await untilTasks(sessionId, 'are completed and blocked', (tasks) => hasStates(tasks, ['completed', 'blocked']));
    valueOf(await write.start());
    valueOf(await write.fail('The review said no.'));
    const ended = await untilTasks(sessionId, 'are completed and failed', (tasks) =>
      hasStates(tasks, ['completed', 'failed']),
    );
    assert.equal(ended[1]?.error_message, 'The review said no.');
  });

  it('AC-4.3.d: when it completes, the session is completed', async () => {
    const { sessionId } = await start('acceptance/d');
    const ends: string[] = [];
    orchestration.onDidEnd(({ reason }) => ends.push(reason));
    valueOf(await orchestration.complete());
    const session = await untilSession(sessionId, 'is completed', ({ status }) => status === 'completed');
    assert.notEqual(session.completed_at, null);
    assert.deepEqual(ends, ['completed']);
  });

  it('when it fails, the session is marked as failed, and the tasks that ran with it', async () => {
    const { sessionId } = await start('acceptance/failure');
    valueOf(await orchestration.startTask({ name: 'Deploy' }));
    valueOf(await orchestration.fail('The tests are red.'));
    const session = await untilSession(sessionId, 'failed', ({ status }) => status === 'failed');
    assert.equal(session.error_message, 'The tests are red.');
    await untilTasks(sessionId, 'failed', (tasks) => hasStates(tasks, ['failed']));
  });

  it('when somebody recovers it elsewhere, it ends and names the successor', async () => {
    const { sessionId } = await start('acceptance/fenced');
    await untilSession(sessionId, 'was created');
    const end = Promise.withResolvers<unknown>();
    orchestration.onDidEnd(end.resolve);
    await api.markSessionFailed(sessionId, { error_message: 'It looked dead from there.' });
    const successor = await api.recoverSession(sessionId, { new_machine_id: 'another-machine' });
    valueOf(await orchestration.startTask({ name: 'What nobody should do twice' }));
    const reason = { reason: 'recovered-elsewhere', successorSessionId: successor.session_id };
    assert.deepEqual(await end.promise, reason);
    const late = await orchestration.startTask({ name: 'Too late' });
    assert.equal(late.ok ? 'ok' : late.problem.code, 'ended');
    await api.updateSession(successor.session_id, { status: 'completed' });
  });

  it('AC-4.3.e: when the key is refused, nothing more is sent until that changes, and nothing is lost', async () => {
    await using refusing = await startRefusingApi();
    const before = logMark();
    const changeBack = await changeSetting('apiBaseUrl', refusing.url);
    try {
      const { sessionId } = await start('acceptance/e');
      await untilLogged(/The API refused the key/, before);
      const task = valueOf(await orchestration.startTask({ name: 'Goes on' }));
      valueOf(await task.complete());
      await assert.rejects(api.getSession(sessionId), { code: 'SESSION_NOT_FOUND' });
      assert.deepEqual(
        refusing.requests.filter((request) => request.includes('/api/tasks')),
        [],
      );
      assert.ok(!logText().includes(liveApi.key), 'the key is in the log');
    } finally {
      await changeBack();
    }
    await untilTasks(orchestration.sessionId, 'arrive with the right key', (tasks) => hasStates(tasks, ['completed']));
  });

  it('AC-4.3.f: when the API is unreachable, it goes on, and the log says so', async () => {
    const before = logMark();
    await liveApi.stop();
    const { sessionId } = await start('acceptance/f');
    const task = valueOf(await orchestration.startTask({ name: 'Work on' }));
    await untilLogged(
      new RegExp(`\\[warning\\] Session ${sessionId}: the API cannot be reached; the work goes on`),
      before,
    );
    assert.equal(orchestration.health, 'degraded');
    valueOf(await task.complete());
    valueOf(await orchestration.complete());
    await liveApi.start();
    await untilSession(sessionId, 'is completed', ({ status }) => status === 'completed');
  });
});

function hasStates(tasks: readonly { readonly status: string }[], states: readonly string[]): boolean {
  return tasks.length === states.length && tasks.every(({ status }, index) => status === states[index]);
}
