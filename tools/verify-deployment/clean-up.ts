import { NotFoundError } from '../../shared/src/client/index.ts';
import { LIMITS } from '../../shared/src/contract/index.ts';
import { expect, messageOf } from './failures.ts';
import type { RunContext } from './run-context.ts';

/** What is stored under the run's project may grow while it is removed: a request may still be on its way. */
const MOST_ROUNDS = 20;

/** Removes everything that a run has stored, and makes sure that it is gone. Goes on after what cannot be removed. */
export async function removeTestData({ client, data }: RunContext['removal']): Promise<string> {
  const { projectId } = data;
  const problems = new Set<string>();
  const removed = { sessions: 0, machines: 0 };

  const tryTo = async <T>(what: string, act: () => Promise<T>): Promise<T | undefined> => {
    try {
      return await act();
    } catch (error) {
      // Gone, or never there: a check may have deleted it, or its create may have failed.
      if (!(error instanceof NotFoundError)) problems.add(`${what}: ${messageOf(error)}`);
      return undefined;
    }
  };
  const remove = async (what: keyof typeof removed, id: string, act: () => Promise<void>) => {
    const done = await tryTo(`${what} ${id}`, async () => act().then(() => true));
    if (done) removed[what]++;
  };
  const listSessions = () =>
    tryTo('the list of sessions', () => client.listSessions({ project_id: projectId, limit: LIMITS.sessionsPerPage }));

  let known = data.sessionIds;
  for (let round = 0; round < MOST_ROUNDS && known.length > 0; round++) {
    for (const id of known) await remove('sessions', id, () => client.deleteSession(id));
    const left = (await listSessions())?.sessions.map(({ session_id }) => session_id) ?? [];
    // Asked to go and still there: asking again would change nothing.
    known = left.filter((id) => !known.includes(id));
  }
  for (const id of data.machineIds) await remove('machines', id, () => client.deleteMachine(id));

  const sessions = await listSessions();
  const tasks = await tryTo('the list of tasks', () => client.listTasks({ project_id: projectId, limit: 1 }));
  if (sessions && sessions.total > 0) problems.add(`${sessions.total} sessions are left`);
  if (tasks && tasks.total > 0) problems.add(`${tasks.total} tasks are left`);
  expect(problems.size === 0, `look for project ${projectId}: ${[...problems].join('; ')}`);
  return `${removed.sessions + removed.machines} records removed, none left`;
}
