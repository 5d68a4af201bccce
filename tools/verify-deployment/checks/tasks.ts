import { ApiError } from '../../../shared/src/client/index.ts';
import type { Check } from '../check.ts';
import { failureOf } from '../failure-of.ts';
import { expect, expectEqual } from '../failures.ts';

export const tasksTellTheProgress: Check = {
  id: 'tasks',
  title: 'tasks are created, started, completed and failed, and the session knows its current one',
  criteria: ['AC-4.4 lifecycle', 'AC-3.1.a', 'AC-3.1.c', 'AC-3.1.d', 'AC-3.1.e', 'AC-3.1.g'],
  async verify(run) {
    const { client } = run;
    const session = await run.createSession('tasks');
    const first = await run.createTask(session, 'the first');
    const second = await run.createTask(session, 'the second');
    expectEqual('the status of a new task', first.status, 'pending');

    const started = await client.updateTask(first.task_id, { status: 'in_progress' });
    expect(started.started_at !== null, 'a task that was started has no time of its start');
    const working = await client.getSession(session.session_id);
    expectEqual('the current task of its session', working.current_task_id, first.task_id);

    const completed = await client.updateTask(first.task_id, { status: 'completed' });
    expect(completed.completed_at !== null, 'a completed task has no time of its end');
    const between = await client.getSession(session.session_id);
    expectEqual('the current task after its end', between.current_task_id, null);

    await client.updateTask(second.task_id, { status: 'in_progress' });
    const refused = await failureOf(client.updateTask(second.task_id, { status: 'failed' }));
    expect(refused instanceof ApiError && refused.status === 400, 'a failure without a reason is not refused');
    await client.updateTask(second.task_id, { status: 'failed', error_message: 'to see it fail' });

    const { tasks } = await client.listTasks({ session_id: session.session_id });
    const states = tasks.map(({ task_name, status }) => `${task_name}: ${status}`).join(', ');
    expectEqual('the list of its tasks', states, 'the first: completed, the second: failed');
    await client.updateSession(session.session_id, { status: 'completed' });
  },
};
