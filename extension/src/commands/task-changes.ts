import type { UpdateTaskInput } from '@claude-projects/shared/client';
import type { OrchestrationTask, TaskStatus } from '../../api.d.ts';
import type { Localize } from '../platform/localize.ts';
import { plainText } from '../platform/plain-text.ts';
import { nameOfStatus } from '../sessions/task-status.ts';
import { type TaskArgument, taskIn } from './arguments.ts';
import type { CommandDeps } from './command-deps.ts';
import { chooseOwn, ownTask } from './own-session.ts';
import { Refusal } from './refusal.ts';
import type { Choice } from './ui.ts';

/** One of this window's goes through its lifecycle, so that it is told in order; any other straight to the API. */
export type ChosenTask =
  | { readonly own: OrchestrationTask; readonly foreign?: never }
  | { readonly own?: never; readonly foreign: TaskArgument };

export interface WantedTask {
  readonly title: string;
  readonly none: string;
  readonly states: readonly TaskStatus[];
}

/** The task a command was called with; undefined where it was called with a session, or with nothing. */
export function taskArgument(deps: Pick<CommandDeps, 'lifecycle' | 'localize'>, args: unknown): ChosenTask | undefined {
  return namesTask(args) ? taskOf(deps, args) : undefined;
}

export async function chooseTask(
  deps: Pick<CommandDeps, 'ui' | 'lifecycle' | 'localize' | 'sessions' | 'labels'>,
  args: unknown,
  wanted: WantedTask,
): Promise<ChosenTask> {
  const given = taskOf(deps, args);
  if (given !== undefined) return given;
  const tracker = await chooseOwn(deps, wanted.title);
  const fitting = tracker.tasks.filter((task) => wanted.states.includes(task.status));
  if (fitting.length === 0) throw new Refusal(wanted.none);
  return {
    own: await deps.ui.pick(taskChoices(fitting, deps.localize), {
      title: wanted.title,
      placeholder: deps.localize('Which task?'),
    }),
  };
}

export function taskChoices(
  tasks: readonly OrchestrationTask[],
  localize: Localize,
): readonly Choice<OrchestrationTask>[] {
  return tasks.map((task) => ({
    label: plainText(task.name),
    description: nameOfStatus(task.status, localize),
    value: task,
  }));
}

/** With the session that is thought to hold it: if the task went on in a successor, the API says so. */
export async function updateForeignTask(
  { ui, localize, connection, sessions }: Pick<CommandDeps, 'ui' | 'localize' | 'connection' | 'sessions'>,
  task: TaskArgument,
  change: UpdateTaskInput,
): Promise<void> {
  const changed = await ui.progress(localize('Changing “{0}”…', task.task_name), (_report, signal) =>
    connection.call(
      (client, signal) => client.updateTask(task.task_id, { ...change, session_id: task.session_id }, { signal }),
      signal,
    ),
  );
  sessions.learn({ kind: 'task', task: changed });
}

function taskOf(deps: Pick<CommandDeps, 'lifecycle' | 'localize'>, args: unknown): ChosenTask | undefined {
  const task = taskIn(args, deps.localize);
  if (task === undefined) return undefined;
  const own = ownTask(deps, task.task_id);
  return own === undefined ? { foreign: task } : { own };
}

function namesTask(args: unknown): boolean {
  return typeof args === 'object' && args !== null && ('task' in args || 'task_id' in args);
}
