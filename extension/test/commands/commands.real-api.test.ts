import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { NotFoundError, type Session, StateTrackingApiClient } from '@claude-projects/shared/client';
import type { Connection } from '../../src/connection/connection.ts';
import { type InProcessApi, startInProcessApi } from '../recovery/support/in-process-api.ts';
import { CommandBench } from './support/bench.ts';

describe('commands on sessions of other windows, through the real API', function () {
  this.timeout(30_000);

  let api: InProcessApi;
  let bench: CommandBench;

  const connectedAs = (client: StateTrackingApiClient): Connection => ({
    state: { kind: 'online' },
    address: { mode: 'remote', baseUrl: api.url },
    onDidChange: () => ({ dispose: () => undefined }),
    call: (run, signal = new AbortController().signal) => run(client, signal),
  });

  before(async () => {
    api = await startInProcessApi();
  });
  after(() => api.close());
  beforeEach(() => {
    bench = new CommandBench(connectedAs(api.client));
  });

  const session = () => api.client.createSession({ project_id: `acme/${randomUUID()}`, machine_id: 'another-machine' });
  const now = ({ session_id }: Session) => api.client.getSession(session_id);
  /** What the commands said to the window of what they did, as in `session failed`. */
  const learned = () =>
    bench.sessions.learned.map((one) => {
      if (one.kind === 'task') return `task ${one.task.status}`;
      if (one.kind === 'deleted-session' || one.kind === 'deleted-task') return one.kind;
      return `session ${one.session.status}${one.session.archived_at === null ? '' : ', archived'}`;
    });
  const nothingWrong = () => assert.deepEqual(bench.notifier.messages, []);

  it('complete one', async () => {
    const original = await session();
    bench.ui.answers.push('Complete');
    await bench.run('claudeProjects.completeSession', original.session_id);
    nothingWrong();
    assert.equal((await now(original)).status, 'completed');
    assert.deepEqual(learned(), ['session completed']);
  });

  it('mark one as failed, archive it and delete it', async () => {
    const original = await session();
    bench.ui.answers.push('its disk died', 'Delete');
    await bench.run('claudeProjects.markSessionFailed', original.session_id);
    await bench.run('claudeProjects.archiveSession', original.session_id);
    nothingWrong();
    const { status, error_message, archived_at } = await now(original);
    assert.deepEqual([status, error_message], ['failed', 'its disk died']);
    assert.notEqual(archived_at, null);
    await bench.run('claudeProjects.deleteSession', original.session_id);
    nothingWrong();
    await assert.rejects(now(original), NotFoundError);
    assert.deepEqual(learned(), ['session failed', 'session failed, archived', 'deleted-session']);
  });

  it('start, block, start again and fail a task', async () => {
    const original = await session();
    const { session_id } = original;
    bench.ui.answers.push('build', 'the review', 'it broke');
    await bench.run('claudeProjects.startTask', session_id);
    const [task] = (await api.client.listTasks({ session_id })).tasks;
    assert.equal(task?.status, 'in_progress');
    await bench.run('claudeProjects.blockTask', { task });
    await bench.run('claudeProjects.startTask', { task });
    await bench.run('claudeProjects.failTask', { task });
    nothingWrong();
    const { status, error_message } = await api.client.getTask(task.task_id);
    assert.deepEqual([status, error_message], ['failed', 'it broke']);
    assert.deepEqual(learned(), ['task in_progress', 'task blocked', 'task in_progress', 'task failed']);
    await bench.run('claudeProjects.showSessionDetails', session_id);
    assert.deepEqual(
      bench.shown.map((shown) => shown.session_id),
      [session_id],
    );
  });

  it('say why an archive of a live one is refused, with the request in the log', async () => {
    const original = await session();
    await bench.run('claudeProjects.archiveSession', original.session_id);
    assert.equal(bench.notifier.notices.length, 1);
    assert.match(bench.notifier.last.message, /in a state in which this cannot be done/);
    assert.match(bench.log.lines.join(), /\(request [0-9a-f-]{36}\)/);
  });

  it('lead from a session that was recovered to the one that goes on with it', async () => {
    const original = await session();
    const { task_id } = await api.client.createTask({
      session_id: original.session_id,
      project_id: original.project_id,
      task_name: 'build',
    });
    await api.client.markSessionFailed(original.session_id, { error_message: 'gone' });
    const successor = await api.client.recoverSession(original.session_id, { new_machine_id: 'third-machine' });
    const row = { task: { task_id, session_id: original.session_id, task_name: 'build' } };
    await bench.run('claudeProjects.completeTask', row);
    await bench.notifier.press('Show Session');
    assert.deepEqual(bench.ran, [['claudeProjects.showSessionDetails', successor.session_id]]);
  });

  it('lead to another key where this one is refused', async () => {
    const stranger = new StateTrackingApiClient({ baseUrl: api.url, apiKey: randomUUID(), retries: 0 });
    bench = new CommandBench(connectedAs(stranger));
    await bench.run('claudeProjects.showSessionDetails', randomUUID());
    assert.equal(bench.notifier.labels()[0], 'Set API Key');
  });
});
