import type { Task } from '@claude-projects/shared/client';
import type { Localize } from '../platform/localize.ts';
import { plainText } from '../platform/plain-text.ts';
import { nameOfStatus } from '../sessions/task-status.ts';
import type { Row, RowIcon, TooltipLine } from './row.ts';

export interface TaskFacts {
  readonly isCurrent: boolean;
  /** Nothing can be done to the tasks of a session that is over. */
  readonly isSessionLive: boolean;
}

export function taskRow(task: Task, facts: TaskFacts, localize: Localize): Row {
  const status = nameOfStatus(task.status, localize);
  const detail = task.error_message ?? (facts.isCurrent ? localize('current') : '');
  return {
    label: plainText(task.task_name),
    description: detail === '' ? status : `${status} · ${plainText(detail)}`,
    icon: iconOf(task.status),
    tooltip: { title: task.task_name, lines: tooltipLines(task, localize) },
    spoken:
      task.error_message === null
        ? localize('Task {0}: {1}.', plainText(task.task_name), status)
        : localize('Task {0}: {1}. Error: {2}', plainText(task.task_name), status, plainText(task.error_message)),
    contextValue: facts.isSessionLive ? `task.${task.status}` : `task.past.${task.status}`,
    expansion: 'none',
    command: undefined,
  };
}

function iconOf(status: Task['status']): RowIcon {
  switch (status) {
    case 'pending':
      return { id: 'circle-outline' };
    case 'in_progress':
      return { id: 'play-circle', color: 'charts.blue' };
    case 'blocked':
      return { id: 'circle-slash', color: 'problemsWarningIcon.foreground' };
    case 'completed':
      return { id: 'pass', color: 'charts.green' };
    case 'failed':
      return { id: 'error', color: 'problemsErrorIcon.foreground' };
    case 'unknown':
      return { id: 'question', color: 'descriptionForeground' };
    default:
      return status satisfies never;
  }
}

function tooltipLines(task: Task, localize: Localize): TooltipLine[] {
  const lines: readonly (readonly [name: string, value: string | null, isTime?: true])[] = [
    [localize('State'), nameOfStatus(task.status, localize)],
    [localize('Issue'), task.github_issue_id],
    [localize('Started'), task.started_at, true],
    [localize('Ended'), task.completed_at, true],
    [localize('Error'), task.error_message],
    [localize('Task'), task.task_id],
  ];
  return lines.flatMap(([name, value, isTime = false]) => (value === null ? [] : [{ name, value, isTime }]));
}
