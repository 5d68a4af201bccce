import { NotFoundError } from '../../../shared/src/client/index.ts';
import { LIMITS } from '../../../shared/src/contract/index.ts';
import type { Check } from '../check.ts';
import { failureOf } from '../failure-of.ts';
import { expect } from '../failures.ts';

/** Retention counts from when the API learned of an end, so that nothing made by this check is ever old enough. */
const BEGAN = '2001-01-01T00:00:00.000Z';
const ENDED = '2001-01-02T00:00:00.000Z';

export const keepsWhatIsRecent: Check = {
  id: 'cleanup',
  title: 'the clean-up deletes no session whose end it has just learned, whenever that was, and no archived one',
  criteria: ['AC-4.4 cleanup', 'AC-3.4'],
  async verify(run) {
    const { client } = run;
    const ended = async (what: string, began?: string, at?: string) => {
      const session = await run.createSession(what, began === undefined ? {} : { occurred_at: began });
      const task = await run.createTask(session, what);
      await client.updateSession(session.session_id, {
        status: 'completed',
        ...(at === undefined ? {} : { occurred_at: at }),
      });
      return { sessionId: session.session_id, taskId: task.task_id };
    };
    const late = await ended('late', BEGAN, ENDED);
    const archived = await ended('archived', BEGAN, ENDED);
    const recent = await ended('recent');
    await client.archiveSession(archived.sessionId);

    await client.cleanupSessions({ older_than_days: LIMITS.retentionDays });
    const isGone = async (call: Promise<unknown>) => (await failureOf(call)) instanceof NotFoundError;
    expect(!(await isGone(client.getSession(recent.sessionId))), 'it deleted a session that had just ended');
    expect(!(await isGone(client.getSession(late.sessionId))), 'it deleted a session whose end was reported late');
    expect(!(await isGone(client.getTask(late.taskId))), 'it deleted a task of a session that it kept');
    expect(!(await isGone(client.getSession(archived.sessionId))), 'it deleted an archived session');
  },
};
