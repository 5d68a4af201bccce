import { NotFoundError } from '../../../shared/src/client/index.ts';
import { LIMITS } from '../../../shared/src/contract/index.ts';
import type { Check } from '../check.ts';
import { failureOf } from '../failure-of.ts';
import { expect } from '../failures.ts';

/** So long ago that a clean-up of what is this old touches nobody's sessions but those of this check. */
const BEGAN = '2001-01-01T00:00:00.000Z';
const ENDED = '2001-01-02T00:00:00.000Z';

export const removesWhatIsOld: Check = {
  id: 'cleanup',
  title: 'the clean-up deletes an old session with its task, and neither a recent nor an archived one',
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
    const old = await ended('old', BEGAN, ENDED);
    const archived = await ended('archived', BEGAN, ENDED);
    const recent = await ended('recent');
    await client.archiveSession(archived.sessionId);

    const report = await client.cleanupSessions({ older_than_days: LIMITS.retentionDays });
    expect(report.deleted_sessions >= 1, 'it deleted nothing');
    const isGone = async (call: Promise<unknown>) => (await failureOf(call)) instanceof NotFoundError;
    expect(await isGone(client.getSession(old.sessionId)), 'the old session is still there');
    expect(await isGone(client.getTask(old.taskId)), 'the task of the old session is still there');
    expect(!(await isGone(client.getSession(recent.sessionId))), 'it deleted a session that had just ended');
    expect(!(await isGone(client.getSession(archived.sessionId))), 'it deleted an archived session');
  },
};
