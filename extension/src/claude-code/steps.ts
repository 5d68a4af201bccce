import type { Activity } from '../../api.d.ts';
import type { ClaudeState } from './claude-state.ts';
import type { HookRecord } from './hook-record.ts';

/** What an event of Claude Code means for what is tracked. */
export type Step =
  | { readonly do: 'begin' }
  | { readonly do: 'activity'; readonly activity: Activity; readonly detail?: string }
  | { readonly do: 'describe'; readonly title: string }
  | { readonly do: 'start-task'; readonly key: string; readonly name: string }
  | { readonly do: 'complete-task'; readonly key: string; readonly name: string }
  | { readonly do: 'complete' }
  | { readonly do: 'fail'; readonly message: string };

type Known = Pick<ClaudeState, 'phase' | 'tasks' | 'tellsTasks' | 'title'>;

/** In the order in which they are to be done. Nothing is guessed: what a hook did not report does not change. */
export function stepsOf(state: Known, record: HookRecord): readonly Step[] {
  const steps = eventSteps(state, record);
  if (state.phase === 'live') return steps;
  return begins(state, record) ? [{ do: 'begin' }, ...steps] : [];
}

/** It counts as working from its first event on, except where it waits for a first question. */
function begins({ phase }: Known, { event }: HookRecord): boolean {
  switch (phase) {
    case 'live':
      return false;
    case 'new':
      // One that was connected in the middle is followed from there on.
      return event !== 'SessionEnd';
    case 'ended':
      // Hooks of agents may come in late. A person who asks again goes on after a failure.
      return event === 'SessionStart' || event === 'UserPromptSubmit';
    case 'parted':
      return event === 'SessionStart';
    default:
      return phase satisfies never;
  }
}

function eventSteps(state: Known, record: HookRecord): readonly Step[] {
  switch (record.event) {
    case 'SessionStart':
      // In the middle of its work it makes room in its memory, and goes on.
      return record.source === 'compact' ? [] : [{ do: 'activity', activity: 'idle' }];
    case 'UserPromptSubmit':
      return [{ do: 'activity', activity: 'working' }, ...titleSteps(state, record)];
    case 'PreToolUse':
    case 'PostToolUse':
    case 'PostToolUseFailure':
      return [{ do: 'activity', activity: 'working' }];
    case 'Notification':
      return notificationSteps(record);
    case 'Stop':
      return [{ do: 'activity', activity: 'idle' }];
    case 'StopFailure':
      return [{ do: 'fail', message: record.error ?? record.message ?? 'Claude Code failed without a reason.' }];
    case 'TaskCreated':
    case 'TaskCompleted':
      return taskSteps(record);
    case 'SubagentStart':
    case 'SubagentStop':
      return agentSteps(state, record);
    case 'SessionEnd':
      return [{ do: 'complete' }];
    default:
      // A newer Claude Code may tell more than is asked for.
      return [];
  }
}

/** The first prompt of a person says what a session is about. */
function titleSteps({ title }: Known, { prompt = '' }: HookRecord): readonly Step[] {
  return title !== undefined || prompt === '' || NO_TITLE.test(prompt) ? [] : [{ do: 'describe', title: prompt }];
}

/** A command, as in `/clear` but not `/home/ada/cart.ts`; or a message of a machine, as in `<task-notification>`. */
const NO_TITLE = /^(\/[\w:.-]+(\s|$)|<[a-z][\w-]*[\s>])/;

function notificationSteps({ notification_type, message }: HookRecord): readonly Step[] {
  switch (notification_type ?? '') {
    case 'permission_prompt':
    case 'agent_needs_input':
    case 'elicitation_dialog':
      return [{ do: 'activity', activity: 'waiting_for_input', ...(message === undefined ? {} : { detail: message }) }];
    case 'idle_prompt':
      // Also what tells that the user interrupted it: then there is no Stop.
      return [{ do: 'activity', activity: 'idle' }];
    default:
      return [];
  }
}

function taskSteps({ event, task_id, task_subject }: HookRecord): readonly Step[] {
  if (task_id === undefined) return [];
  const task = { key: `task:${task_id}`, name: task_subject ?? `Task ${task_id}` };
  return [{ do: event === 'TaskCreated' ? 'start-task' : 'complete-task', ...task }];
}

function agentSteps({ tasks, tellsTasks }: Known, { event, agent_id, agent_type }: HookRecord): readonly Step[] {
  if (agent_id === undefined) return [];
  const task = { key: `agent:${agent_id}`, name: agent_type ?? 'Agent' };
  if (event === 'SubagentStart') return tellsTasks ? [] : [{ do: 'start-task', ...task }];
  return task.key in tasks ? [{ do: 'complete-task', ...task }] : [];
}
