import type { Session, Task } from '@claude-projects/shared/client';
import { durationText } from '../platform/ages.ts';
import type { Localize } from '../platform/localize.ts';
import { isLive } from '../sessions/health.ts';
import { nameOfStatus } from '../sessions/task-status.ts';
import { type Html, html, joined, NOTHING } from './html.ts';
import { icon, toneOfTask } from './page-icons.ts';
import { type Reader, timeOnly } from './page-times.ts';

export interface TasksOfPage {
  readonly session: Session;
  readonly tasks: readonly Task[] | undefined;
  readonly totalTasks: number;
  readonly problem: string | undefined;
}

/** The tasks in their order, each with its state, how long it took and why it stopped. */
export function tasksSection({ session, tasks, totalTasks, problem }: TasksOfPage, reader: Reader): Html {
  const { localize } = reader;
  const done = (tasks ?? []).filter(({ status }) => status === 'completed').length;
  const heading = tasks?.length
    ? html`<h2>${localize('Tasks')} <span class="quiet">${localize('{0} of {1} completed', done, totalTasks)}</span></h2>`
    : html`<h2>${localize('Tasks')}</h2>`;
  if (tasks === undefined) {
    const why = problem === undefined ? localize('Reading the tasks…') : localize('The tasks could not be read.');
    return html`${heading}<p class="quiet">${why}</p>`;
  }
  if (tasks.length === 0) return html`${heading}<p class="quiet">${localize('No tasks yet.')}</p>`;
  const more = totalTasks - tasks.length;
  return html`${heading}<ol class="tasks">${joined(tasks.map((task) => taskItem(task, session, reader)))}</ol>${
    more > 0 ? html`<p class="quiet">${localize('and {0} more', more)}</p>` : NOTHING
  }`;
}

function taskItem(task: Task, session: Session, reader: Reader): Html {
  const { localize } = reader;
  const isSessionLive = isLive(session);
  const tone = toneOfTask(task.status, isSessionLive);
  const reason = reasonOf(task);
  const isCurrent = isSessionLive && task.task_id === session.current_task_id;
  const facts = [
    html`<span class="task-state">${stateText(task, isSessionLive, localize)}</span>`,
    ...timesOf(task, session, reader),
    ...(task.github_issue_id === null ? [] : [html`${localize('issue {0}', task.github_issue_id)}`]),
  ];
  return html`<li class="task"${isCurrent ? html` aria-current="step"` : NOTHING}>${icon(tone)}<div><span class="task-name">${task.task_name}</span>
<p class="quiet">${joined(facts.map((fact, index) => (index === 0 ? fact : html` · ${fact}`)))}</p>${
    reason === undefined ? NOTHING : html`<p class="reason ${tone}">${reason}</p>`
  }</div></li>`;
}

function stateText({ status }: Task, isSessionLive: boolean, localize: Localize): string {
  return status === 'in_progress' && !isSessionLive ? localize('was in progress') : nameOfStatus(status, localize);
}

function timesOf(task: Task, session: Session, reader: Reader): readonly Html[] {
  const { started_at, completed_at } = task;
  const { now, localize } = reader;
  if (started_at === null) return [];
  const isOver = !isLive(session);
  const end = completed_at ?? (isOver ? (session.completed_at ?? session.last_heartbeat) : undefined);
  const tookMs = (end === undefined ? now : Date.parse(end)) - Date.parse(started_at);
  return [
    html`${durationText(tookMs, localize)}`,
    completed_at === null
      ? html`${localize('since')} ${timeOnly(started_at, reader)}`
      : html`${localize('ended')} ${timeOnly(completed_at, reader)}`,
  ];
}

/** A block's reason is kept as metadata; a failure's is its error. */
function reasonOf({ status, error_message, metadata }: Task): string | undefined {
  if (error_message !== null) return error_message;
  const reason = metadata['block_reason'];
  return status === 'blocked' && typeof reason === 'string' && reason !== '' ? reason : undefined;
}
