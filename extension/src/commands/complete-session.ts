import type { Session, Task } from '@claude-projects/shared/client';
import { LIMITS } from '@claude-projects/shared/contract';
import type { Tracker } from '../lifecycle/tracker.ts';
import { plainNames } from '../platform/plain-text.ts';
import { isLive } from '../sessions/health.ts';
import { sessionIdIn } from './arguments.ts';
import { chooseSession } from './choose-session.ts';
import type { CommandDeps } from './command-deps.ts';
import { chooseOwn, ownTracker, taken } from './own-session.ts';
import type { Decision } from './ui.ts';

/** Ends this window's session as completed; another one only when it is named, and after a question. */
export async function completeSession(deps: CommandDeps, args: unknown): Promise<void> {
  const { ui, localize } = deps;
  const title = localize('Complete Session');
  const sessionId = sessionIdIn(args, localize);
  const own = sessionId === undefined ? await chooseOwn(deps, title) : ownTracker(deps, sessionId);
  if (own !== undefined) await completeOwn(deps, own);
  else await completeForeign(deps, await chooseSession(deps, args, { title, none: '', fits: isLive }));
  ui.note(localize('Session completed'));
}

async function completeOwn(deps: CommandDeps, tracker: Tracker): Promise<void> {
  const { ui, localize } = deps;
  const unfinished = tracker.tasks.filter(isUnfinished);
  if (unfinished.length > 0) {
    const names = unfinished.map(({ name }) => name);
    const message = localize('Complete the session of {0}?', tracker.title ?? tracker.projectId);
    const completesTasks = await ui.decide(decisionAbout(names, { message, detail: [] }, deps));
    // Its agent may have ended one of them during the question.
    for (const task of completesTasks ? unfinished.filter(isUnfinished) : []) {
      if (task.status === 'blocked') taken(await task.start(), localize);
      taken(await task.complete(), localize);
    }
  }
  taken(await tracker.complete(), localize);
}

async function completeForeign(deps: CommandDeps, session: Session): Promise<void> {
  const { ui, localize, labels, connection, sessions } = deps;
  const { session_id, machine_id } = session;
  const unfinished = (await readTasks(deps, session_id)).filter(isUnfinished);
  const message = localize('Complete the session of {0} on {1}?', labels.nameOf(session), machine_id);
  const detail = localize('This window does not track it. Whatever works on it will be told that it has ended.');
  const names = unfinished.map(({ task_name }) => task_name);
  let completesTasks = false;
  if (names.length === 0) await ui.confirm({ message, detail, action: localize('Complete') });
  else completesTasks = await ui.decide(decisionAbout(names, { message, detail: [detail] }, deps));
  const completed = await ui.progress(localize('Completing the session…'), (_report, signal) =>
    connection.call(async (client, signal) => {
      for (const { task_id, status } of completesTasks ? unfinished : []) {
        if (status === 'blocked') await client.updateTask(task_id, { session_id, status: 'in_progress' }, { signal });
        const task = await client.updateTask(task_id, { session_id, status: 'completed' }, { signal });
        sessions.learn({ kind: 'task', task });
      }
      return client.updateSession(session_id, { status: 'completed' }, { signal });
    }, signal),
  );
  sessions.learn({ kind: 'session', session: completed });
}

/** The session ends with either answer; the question is what becomes of its tasks. */
function decisionAbout(
  names: readonly string[],
  { message, detail }: { readonly message: string; readonly detail: readonly string[] },
  { localize }: Pick<CommandDeps, 'localize'>,
): Decision<boolean> {
  const unfinished = localize('Unfinished: {0}', plainNames(names, localize));
  return {
    message,
    detail: [...detail, unfinished].join('\n\n'),
    actions: [
      { label: localize('Complete Tasks Too'), value: true },
      { label: localize('Leave Tasks Unfinished'), value: false },
    ],
  };
}

function readTasks({ ui, localize, connection }: CommandDeps, session_id: string): Promise<readonly Task[]> {
  return ui.progress(localize('Reading the tasks…'), (_report, signal) =>
    connection.call(async (client, signal) => {
      const tasks: Task[] = [];
      // By pages, not by how many were read: a page may have tasks that only a newer version can read.
      for (let offset = 0, total = 1; offset < total; offset += LIMITS.tasksPerPage) {
        const page = await client.listTasks({ session_id, limit: LIMITS.tasksPerPage, offset }, { signal });
        tasks.push(...page.tasks);
        total = page.total;
      }
      return tasks;
    }, signal),
  );
}

function isUnfinished({ status }: { readonly status: Task['status'] }): boolean {
  return status === 'pending' || status === 'in_progress' || status === 'blocked';
}
