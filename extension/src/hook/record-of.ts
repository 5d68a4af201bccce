import type { ClaudeProcess } from './claude-process.ts';

/**
 * What is kept of one event. Never what was answered, read or run, and of what was asked the beginning alone, which
 * becomes the title of the session on this machine.
 */
export interface WrittenRecord {
  readonly v: 1;
  /** Milliseconds since the epoch, with a fraction. */
  readonly at: number;
  readonly event: string;
  readonly session: string;
  readonly cwd: string;
  readonly process: ClaudeProcess;
  /** Which tracked session this one continues: set in a terminal that was opened to recover one. */
  readonly continues?: string;
  readonly [field: string]: unknown;
}

/** Of each event, with the most that is kept of it. Claude Code writes them in snake_case, and may in camelCase. */
const FIELDS = {
  transcript_path: 4096,
  source: 40,
  reason: 40,
  notification_type: 60,
  message: 500,
  error: 500,
  task_id: 200,
  task_subject: 400,
  agent_id: 200,
  agent_type: 200,
} as const;

const MOST_PROMPT = 200;

/** A folder is named after it. */
const SESSION = /^[A-Za-z0-9][\w-]{0,99}$/;

export function recordOf(
  text: string,
  at: number,
  env: Readonly<Record<string, string | undefined>>,
  findProcess: () => ClaudeProcess,
): WrittenRecord | undefined {
  const input = objectIn(text) ?? beginningOf(text);
  const event = textAt(input, 'hook_event_name', 60);
  const session = textAt(input, 'session_id', 101);
  if (event === undefined || session === undefined || !SESSION.test(session)) return undefined;
  const fields: Record<string, string> = {};
  for (const [name, most] of Object.entries(FIELDS)) {
    const value = textAt(input, name, most);
    if (value !== undefined) fields[name] = value;
  }
  const prompt = event === 'UserPromptSubmit' ? textAt(input, 'prompt', 10 * MOST_PROMPT) : undefined;
  if (prompt !== undefined) fields['prompt'] = oneLine(prompt).slice(0, MOST_PROMPT).toWellFormed();
  const continues = env['CLAUDE_PROJECTS_SESSION'];
  return {
    v: 1,
    at,
    event,
    session,
    cwd: textAt(input, 'cwd', 4096) ?? process.cwd(),
    process: findProcess(),
    ...(continues !== undefined && { continues: continues.slice(0, 100) }),
    ...fields,
  };
}

function objectIn(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Of one that is cut short: the fields every event begins with. */
function beginningOf(text: string): object {
  const found: Record<string, unknown> = {};
  for (const [, name = '', value = ''] of text.slice(0, 20_000).matchAll(/"(\w+)"\s*:\s*("(?:[^"\\]|\\.)*")/g)) {
    // The first of each name: what follows may be of a tool.
    found[name] ??= stringIn(value);
  }
  return found;
}

function stringIn(quoted: string): unknown {
  try {
    return JSON.parse(quoted);
  } catch {
    return undefined;
  }
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}

function textAt(input: object, snake: string, most: number): string | undefined {
  const camel = snake.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
  const value: unknown = Reflect.get(input, snake) ?? Reflect.get(input, camel);
  if (typeof value === 'number') return String(value);
  if (typeof value === 'string') return value.slice(0, most);
  // An error may come with its parts.
  return typeof value === 'object' && value !== null ? JSON.stringify(value).slice(0, most) : undefined;
}
