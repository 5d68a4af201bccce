import type { Session, Task } from '@claude-projects/shared/contract';
import type { Localize } from '../platform/localize.ts';

/**
 * A session as Markdown. What others wrote is shown as code, so that nothing of it becomes a link, an image or a
 * heading, and no line of it passes for one of ours.
 */
export function sessionDocument(session: Session, tasks: readonly Task[], localize: Localize): string {
  const rows: [string, string | number | null][] = [
    [localize('Session'), session.session_id],
    [localize('Status'), session.status],
    [localize('Health'), session.health],
    [localize('Activity'), session.activity],
    [localize('Doing'), session.activity_detail],
    [localize('Machine'), session.machine_id],
    [localize('Slot'), session.docker_slot],
    [localize('Current task'), session.current_task_id],
    [localize('Started'), session.started_at],
    [localize('Last heartbeat'), session.last_heartbeat],
    [localize('Last progress'), session.last_progress_at],
    [localize('Ended'), session.completed_at],
    [localize('Archived'), session.archived_at],
    [localize('Error'), session.error_message],
    [localize('Recovered from'), session.recovered_from],
    [localize('Recovered by'), session.recovered_by],
    [localize('Recoveries so far'), session.recovery_attempts],
  ];
  const facts = rows.flatMap(([name, value]) => (value === null ? [] : [`- ${name}: ${code(String(value))}`]));
  return [
    `# ${localize('Session of')} ${code(session.project_id)}`,
    facts.join('\n'),
    `## ${localize('Tasks')}`,
    tasks.length === 0 ? localize('None yet.') : tasks.map((task, index) => taskLine(task, index)).join('\n'),
    `## ${localize('Metadata')}`,
    codeBlock(JSON.stringify(session.metadata, null, 2)),
    '',
  ].join('\n\n');
}

function taskLine({ task_name, status, error_message }: Task, index: number): string {
  const error = error_message === null ? '' : `: ${code(error_message)}`;
  return `${index + 1}. ${status} ${code(task_name)}${error}`;
}

/** Line breaks, other controls and marks that turn the direction of writing could make it look like something else. */
const DECEIVING = /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069\u200e\u200f]+/gu;

function code(text: string): string {
  const line = text.replace(DECEIVING, ' ');
  const fence = '`'.repeat(longestRun(line) + 1);
  // A space at both ends is taken off again, and keeps a backtick of the text from joining the fence.
  return /^[` ]|[` ]$/.test(line) ? `${fence} ${line} ${fence}` : `${fence}${line}${fence}`;
}

function codeBlock(text: string): string {
  const fence = '`'.repeat(Math.max(3, longestRun(text) + 1));
  return `${fence}json\n${text.replace(/[\u2028\u2029\u202a-\u202e\u2066-\u2069\u200e\u200f]/gu, ' ')}\n${fence}`;
}

function longestRun(text: string): number {
  return Math.max(0, ...(text.match(/`+/g) ?? []).map((run) => run.length));
}
