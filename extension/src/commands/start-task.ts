import type { Session } from '@claude-projects/shared/client';
import { LIMITS } from '@claude-projects/shared/contract';
import type { OrchestrationTask } from '../../api.d.ts';
import type { Tracker } from '../lifecycle/tracker.ts';
import { plainText } from '../platform/plain-text.ts';
import { isLive } from '../sessions/health.ts';
import { sessionIdIn } from './arguments.ts';
import { askText, problemOf } from './ask-text.ts';
import { chooseSession } from './choose-session.ts';
import type { CommandDeps } from './command-deps.ts';
import { chooseOwn, ownTracker, taken } from './own-session.ts';
import { taskArgument, taskChoices, updateForeignTask } from './task-changes.ts';

/** Starts a new task, or one that waits: after a recovery those that are left to do. */
export async function startTask(deps: CommandDeps, args: unknown): Promise<void> {
  const { localize } = deps;
  const title = localize('Start Task');
  const task = taskArgument(deps, args);
  if (task?.own) taken(await task.own.start(), localize);
  else if (task?.foreign) await updateForeignTask(deps, task.foreign, { status: 'in_progress' });
  else {
    const sessionId = sessionIdIn(args, localize);
    const own = sessionId === undefined ? await chooseOwn(deps, title) : ownTracker(deps, sessionId);
    if (own !== undefined) await startOwn(deps, own, title);
    else await startForeign(deps, await chooseSession(deps, args, { title, none: '', fits: isLive }), title);
  }
}

async function startOwn(deps: CommandDeps, tracker: Tracker, title: string): Promise<void> {
  const { ui, localize } = deps;
  const waiting = tracker.tasks.filter(({ status }) => status === 'pending' || status === 'blocked');
  if (waiting.length === 0) {
    taken(await tracker.startTask({ name: await askName(deps, title) }), localize);
    return;
  }
  const placeholder = localize('Choose a pending task, or type the name of a new one');
  const chosen = await ui.pickOrType<OrchestrationTask | string>(
    taskChoices(waiting, localize),
    { title, placeholder },
    {
      label: (name) => localize('Start “{0}”', plainText(name)),
      problem: (name) => problemOf(name, LIMITS.taskNameLength, localize),
      value: (name) => name.trim(),
    },
  );
  if (typeof chosen === 'string') taken(await tracker.startTask({ name: chosen }), localize);
  else taken(await chosen.start(), localize);
}

async function startForeign(deps: CommandDeps, session: Session, title: string): Promise<void> {
  const { ui, localize, connection, random, sessions } = deps;
  const { session_id, project_id } = session;
  const task_name = await askName(deps, title);
  const task_id = random.uuid();
  const task = await ui.progress(localize('Starting the task…'), (_report, signal) =>
    connection.call(async (client, signal) => {
      await client.createTask({ task_id, session_id, project_id, task_name }, { signal });
      return client.updateTask(task_id, { session_id, status: 'in_progress' }, { signal });
    }, signal),
  );
  sessions.learn({ kind: 'task', task });
}

function askName(deps: CommandDeps, title: string): Promise<string> {
  return askText(deps, { title, prompt: deps.localize('What is the task?') }, LIMITS.taskNameLength);
}
