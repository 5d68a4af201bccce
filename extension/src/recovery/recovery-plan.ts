import type { RecoveryState, Task } from '@claude-projects/shared/contract';
import type { Localize } from '../platform/localize.ts';

const NAMES_SHOWN = 5;

/** What a recovery will do, one fact a line. */
export function describePlan(state: RecoveryState, localize: Localize): string {
  const { last_successful_task, failed_tasks, in_progress_tasks, pending_tasks, blocked_tasks } = state;
  const lines = [
    last_successful_task === null
      ? localize('No task was finished.')
      : localize('Finished last: {0}', last_successful_task.task_name),
    ...tasksLine(localize('Tried again'), [...failed_tasks, ...in_progress_tasks], localize),
    ...tasksLine(localize('Still to do'), pending_tasks, localize),
    ...tasksLine(localize('Blocked'), blocked_tasks, localize),
    ...attemptsLine(state, localize),
    localize('The work goes on in a new session, which this window keeps alive.'),
  ];
  return lines.join('\n');
}

function attemptsLine({ recovery_attempts, max_recovery_attempts }: RecoveryState, localize: Localize): string[] {
  if (recovery_attempts === 0) return [];
  return [localize('Recovered {0} of at most {1} times so far.', recovery_attempts, max_recovery_attempts)];
}

function tasksLine(title: string, tasks: readonly Task[], localize: Localize): string[] {
  if (tasks.length === 0) return [];
  const inOrder = [...tasks].sort((a, b) => a.position - b.position).map(({ task_name }) => task_name);
  const named = inOrder.slice(0, NAMES_SHOWN).join(', ');
  const more = inOrder.length - NAMES_SHOWN;
  return [more > 0 ? localize('{0}: {1} and {2} more', title, named, more) : localize('{0}: {1}', title, named)];
}
