import * as z from 'zod/mini';
import { tolerant } from '../platform/tolerant.ts';

function text(most: number) {
  return tolerant(
    z.pipe(
      z.union([z.string(), z.number()]),
      z.transform((value) => String(value).slice(0, most).toWellFormed()),
    ),
  );
}

const Input = tolerant(z.record(z.string(), z.unknown()));

/** What runs behind the conversation, as Claude Code lists it when a turn ends. */
const BackgroundTask = z.object({ id: text(200), type: text(60), status: text(40), description: text(400) });

/** An event, as Claude Code tells its hooks. Of each field so much as is of use. */
const Payload = z.object({
  hook_event_name: z.string().check(z.maxLength(60)),
  /** A folder is named after it. */
  session_id: z.string().check(z.regex(/^[A-Za-z0-9][\w-]{0,99}$/)),
  cwd: text(4096),
  transcript_path: text(4096),
  source: text(40),
  reason: text(40),
  trigger: text(40),
  notification_type: text(60),
  message: text(500),
  error: text(500),
  last_assistant_message: text(2000),
  task_id: text(200),
  task_subject: text(400),
  agent_id: text(200),
  agent_type: text(200),
  prompt: text(2000),
  tool_name: text(200),
  tool_input: Input,
  tool_response: Input,
  mcp_server_name: text(200),
  background_tasks: tolerant(z.array(BackgroundTask)),
});

/** The process of Claude Code that ran the hook. */
export interface SeenProcess {
  /** Missing where the system does not tell it cheaply, as on Windows. */
  readonly pid?: number | undefined;
  /** Tells a process from a later one with the same pid; on Linux only, and once a window has seen it live. */
  readonly start?: string | undefined;
  /** Where the pid means something. */
  readonly host: string;
}

export type HookRecord = Omit<z.output<typeof Payload>, 'hook_event_name' | 'session_id' | 'cwd'> & {
  readonly at: number;
  readonly event: string;
  /** Claude Code's own id of the conversation. */
  readonly session: string;
  readonly cwd: string;
  readonly process: SeenProcess;
  /** Which tracked session this one continues: set in a terminal that was opened to recover one. */
  readonly continues?: string | undefined;
};

/** The pid, which may be missing; the host of pids; the session to continue, which may be missing; the event. */
const FILE = /^(\d*)\n([^\n]*)\n([^\n]*)\n(.*)$/s;
/** How a version that writes anything else begins its files. */
const NEWER = /^v\d+\n/;

/** What `hook.sh` wrote at that time: `newer` if it was that of a newer version, undefined if it is nothing of ours. */
export function recordIn(text: string, at: number): HookRecord | 'newer' | undefined {
  if (NEWER.test(text)) return 'newer';
  const [, pid = '', host = '', continues = '', told] = FILE.exec(text) ?? [];
  if (told === undefined) return undefined;
  const payload = Payload.safeParse(inSnakeCase(objectIn(told) ?? wholeFieldsIn(told))).data;
  if (payload === undefined) return undefined;
  const { hook_event_name: event, session_id: session, cwd = '', ...fields } = payload;
  return {
    at,
    event,
    session,
    cwd,
    process: { host, ...(pid !== '' && { pid: Number(pid) }) },
    ...(continues !== '' && { continues: continues.slice(0, 100) }),
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

/** Of an object whose text is cut off: the fields that are whole, and the beginning of a text that is not. */
function wholeFieldsIn(text: string): object {
  const found: Record<string, unknown> = {};
  let depth = 0;
  let name: string | undefined;
  let from = 0;
  const keep = (to: number) => {
    const value = name === undefined ? undefined : valueIn(text.slice(from, to));
    if (name !== undefined && value !== undefined) found[name] ??= value;
    name = undefined;
  };
  for (const { 0: token, index } of text.matchAll(/"[^"\\]*(?:\\.[^"\\]*)*(?:"|\\?$)|[[\]{}:,]/gs)) {
    if (token === '{' || token === '[') depth += 1;
    else if (token === '}' || token === ']') depth -= 1;
    const isEnd = token === ',' || token === '}' || token === ']';
    if (depth === (token === ',' ? 1 : 0) && isEnd) keep(index);
    if (depth !== 1) continue;
    if (token === ':') {
      const quoted = valueIn(text.slice(from, index));
      name = typeof quoted === 'string' ? quoted : undefined;
    }
    if (token === ':' || token === ',' || token === '{') from = index + 1;
  }
  if (text.slice(from).trimStart().startsWith('"')) keep(text.length);
  return found;
}

const BEGINNING_OF_TEXT = /^\s*"(?:[^"\\\p{Cc}]|\\u[\da-fA-F]{4}|\\["\\/bfnrt])*/u;

function valueIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    const beginning = BEGINNING_OF_TEXT.exec(text)?.[0];
    return beginning === undefined ? undefined : JSON.parse(`${beginning}"`);
  }
}

/** Claude Code writes its fields so, and may in camelCase. What tools were given and gave is left as it is. */
function inSnakeCase(payload: object): object {
  const named: [string, unknown][] = Object.entries(payload).map(([name, value]: [string, unknown]) => [
    name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
    value,
  ]);
  return Object.fromEntries<unknown>(named);
}
