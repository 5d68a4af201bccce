import { ConflictError } from '../../../shared/src/client/index.ts';
import type { Check } from '../check.ts';
import { failureOf } from '../failure-of.ts';
import { expect, expectEqual } from '../failures.ts';
import type { RunContext } from '../run-context.ts';

export const recoversExactlyOnce: Check = {
  id: 'recovery',
  title: 'a failed session is recovered exactly once, though two ask for it at the same moment',
  criteria: ['AC-4.4.d', 'AC-3.2', 'AC-3.3'],
  async verify(run) {
    const { client } = run;
    const original = await run.createSession('recovery');
    const { session_id } = original;
    const done = await run.createTask(original, 'done');
    const interrupted = await run.createTask(original, 'interrupted');
    await run.createTask(original, 'waiting');
    await client.updateTask(done.task_id, { status: 'completed' });
    await client.updateTask(interrupted.task_id, { status: 'in_progress' });
    await client.markSessionFailed(session_id, { error_message: 'the verification pretends a crash' });

    const state = await client.getRecoveryState(session_id);
    expect(state.recoverable, 'a failed session is said not to be recoverable');
    expectEqual('its last successful task', state.last_successful_task?.task_id, done.task_id);
    await client.prepareRecovery(session_id);

    const successorId = await raceToRecover(run, session_id);
    expect(successorId !== session_id, 'the recovered session has the id of the one that failed');
    const ended = await client.getSession(session_id);
    expectEqual('the status of the original', ended.status, 'completed');
    expectEqual('the successor that the original names', ended.recovered_by, successorId);
    const { sessions } = await client.listSessions({ project_id: run.data.projectId, limit: 100 });
    const successors = sessions.filter(({ recovered_from }) => recovered_from === session_id);
    expectEqual('the number of sessions that continue it', successors.length, 1);

    const { tasks } = await client.listTasks({ session_id: successorId });
    const names = tasks.map(({ task_name, status }) => `${task_name}: ${status}`).toSorted();
    expectEqual('the tasks of the successor', names.join(', '), 'interrupted: pending, waiting: pending');
    const late = await failureOf(client.sendHeartbeat(session_id));
    expect(
      late instanceof ConflictError && late.code === 'SESSION_ENDED' && late.successorSessionId === successorId,
      'the old process is not told which session took over',
    );
    await client.updateSession(successorId, { status: 'completed' });
  },
};

/** From two machines, as two windows would. Both are answered before anything is judged: neither may be left behind. */
async function raceToRecover(run: RunContext, sessionId: string): Promise<string> {
  const answers = await Promise.allSettled(
    ['one', 'other'].map((name) =>
      run.client.recoverSession(sessionId, { new_machine_id: run.data.machineName(`recovery-${name}`) }),
    ),
  );
  const ids = new Set<string>();
  for (const answer of answers) {
    if (answer.status === 'fulfilled') ids.add(run.data.noteSession(answer.value.session_id));
  }
  const refused = answers.find((answer) => answer.status === 'rejected');
  if (refused) throw refused.reason;
  const [successorId] = ids;
  expect(successorId !== undefined && ids.size === 1, `two recoveries at once made ${ids.size} sessions`);
  return successorId;
}
