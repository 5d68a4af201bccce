import type { RecoveryState, Task } from '@claude-projects/shared/client';
import type { ConversationPlace } from '../claude-code/claude-conversation.ts';
import type { Localize } from '../platform/localize.ts';
import { plainNames } from '../platform/plain-text.ts';

/** What a recovery will do, one fact a line. */
export function describePlan(state: RecoveryState, conversation: ConversationPlace, localize: Localize): string {
  const { last_successful_task, failed_tasks, in_progress_tasks, pending_tasks, blocked_tasks } = state;
  const lines = [
    last_successful_task === null
      ? localize('No task was finished.')
      : localize('Finished last: {0}', last_successful_task.task_name),
    ...tasksLine(localize('To do again'), [...failed_tasks, ...in_progress_tasks], localize),
    ...tasksLine(localize('Still to do'), pending_tasks, localize),
    ...tasksLine(localize('Blocked'), blocked_tasks, localize),
    ...attemptsLine(state, localize),
    nextLine(conversation, localize),
  ];
  return lines.join('\n');
}

/** What happens after the recovery, and what does not happen by itself. */
function nextLine(conversation: ConversationPlace, localize: Localize): string {
  switch (conversation) {
    case 'here':
      return localize(
        'A new terminal opens. Claude Code resumes the conversation there, is told this plan and continues with the work that is left.',
      );
    case 'elsewhere':
      return localize(
        'The conversation of Claude Code is not on this machine, so it cannot be resumed here. Start a new Claude Code session for these tasks.',
      );
    case undefined:
      return localize(
        'A new session in this window takes over the tasks. No task starts by itself: you start each one.',
      );
    default:
      return conversation satisfies never;
  }
}

function attemptsLine({ recovery_attempts, max_recovery_attempts }: RecoveryState, localize: Localize): string[] {
  if (recovery_attempts === 0) return [];
  return [localize('Recovered {0} of at most {1} times so far.', recovery_attempts, max_recovery_attempts)];
}

function tasksLine(title: string, tasks: readonly Task[], localize: Localize): string[] {
  if (tasks.length === 0) return [];
  const inOrder = [...tasks].sort((a, b) => a.position - b.position).map(({ task_name }) => task_name);
  return [localize('{0}: {1}', title, plainNames(inOrder, localize))];
}
