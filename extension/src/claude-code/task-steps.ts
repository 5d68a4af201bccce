import type { ClaudeState } from './claude-state.ts';
import type { HookRecord } from './hook-record.ts';
import type { Step } from './reduce.ts';

type TaskStep = Extract<Step, { do: 'task' }>;

/** What an event says of Claude Code's own list of tasks. Created is not begun. */
export function taskStepsOf(state: Pick<ClaudeState, 'tasks'>, record: HookRecord): readonly TaskStep[] {
  const { event, task_id: id, task_subject: subject } = record;
  if (event === 'TaskCreated' || event === 'TaskCompleted') {
    return id === undefined ? [] : [ofTask(id, event === 'TaskCreated' ? 'known' : 'completed', subject)];
  }
  if (event !== 'PostToolUse') return [];
  switch (record.tool_name ?? '') {
    case 'TaskCreate':
      return createdIn(record);
    case 'TaskUpdate':
      return updatedIn(record);
    case 'TodoWrite':
      // The list of an agent is its own affair.
      return record.agent_id === undefined ? todosIn(state, record) : [];
    default:
      return [];
  }
}

function ofTask(id: string, to: TaskStep['to'], name: string | undefined): TaskStep {
  return { do: 'task', key: `task:${id}`, to, ...(name !== undefined && { name }) };
}

function createdIn({ tool_response = {} }: HookRecord): readonly TaskStep[] {
  const id = textIn(tool_response['task'], 'id');
  return id === undefined ? [] : [ofTask(id, 'known', textIn(tool_response['task'], 'subject'))];
}

function updatedIn({ tool_input = {}, tool_response = {} }: HookRecord): readonly TaskStep[] {
  const id = textIn(tool_input, 'taskId') ?? textIn(tool_response, 'taskId');
  if (id === undefined || tool_response['success'] === false) return [];
  const to = textIn(tool_response['statusChange'], 'to') ?? textIn(tool_input, 'status');
  return [ofTask(id, statusOf(to), textIn(tool_input, 'subject'))];
}

const TOLD: readonly string[] = ['pending', 'in_progress', 'completed', 'deleted'] satisfies TaskStep['to'][];
const isTold = (text: string): text is TaskStep['to'] => TOLD.includes(text);

function statusOf(told = ''): TaskStep['to'] {
  return isTold(told) ? told : 'known';
}

/** The whole list is told each time. What is not in it any more was dropped. */
function todosIn({ tasks }: Pick<ClaudeState, 'tasks'>, { tool_input = {} }: HookRecord): readonly TaskStep[] {
  const { todos } = tool_input;
  if (!Array.isArray(todos)) return [];
  const told = todos.flatMap((todo: unknown): readonly TaskStep[] => {
    const name = textIn(todo, 'content');
    return name === undefined
      ? []
      : [{ do: 'task', key: `todo:${name.slice(0, 400)}`, name, to: statusOf(textIn(todo, 'status')) }];
  });
  const keys = new Set(told.map(({ key }) => key));
  const dropped = Object.keys(tasks).filter((key) => key.startsWith('todo:') && !keys.has(key));
  return [...dropped.map((key): TaskStep => ({ do: 'task', key, to: 'deleted' })), ...told];
}

function textIn(value: unknown, name: string): string | undefined {
  const found: unknown = typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
  return typeof found === 'string' && found !== '' ? found : typeof found === 'number' ? String(found) : undefined;
}
