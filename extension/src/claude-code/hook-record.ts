import * as z from 'zod/mini';

/** A value of another type than expected is as good as none: a newer Claude Code may have its reasons. */
function tolerant<T extends z.ZodMiniType>(schema: T) {
  return z.catch(z.optional(schema), undefined);
}

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
export type BackgroundTask = z.output<typeof BackgroundTask>;

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

export interface SeenProcess {
  readonly pid?: number | undefined;
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

/**
 * What the hook program put down: three lines of its own (the process, where that number means something, what is
 * continued), then what Claude Code told it, which may be cut off.
 */
export function recordIn(put: string, at: number): HookRecord | undefined {
  const [pid = '', host = '', continues = ''] = put.split('\n', 3);
  const told = put.slice(pid.length + host.length + continues.length + 3);
  const payload = Payload.safeParse(inSnakeCase(objectIn(told) ?? beginningOf(told))).data;
  if (payload === undefined) return undefined;
  const { hook_event_name: event, session_id: session, cwd = '', ...fields } = payload;
  const number = Number(pid);
  return {
    at,
    event,
    session,
    cwd,
    process: { host, ...(Number.isInteger(number) && number > 1 && { pid: number }) },
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

/** Of one that is cut off: the fields that every event begins with. */
function beginningOf(text: string): object {
  const found: Record<string, unknown> = {};
  for (const [, name = '', value = ''] of text.slice(0, 20_000).matchAll(/"(\w+)"\s*:\s*("(?:[^"\\]|\\.)*")/g)) {
    // The first of each name: what follows may be of a tool.
    found[name] ??= JSON.parse(value);
  }
  return found;
}

/** Claude Code writes its fields so, and may in camelCase. What tools were given and gave is left as it is. */
function inSnakeCase(payload: object): object {
  const named = Object.entries(payload).map(([name, value]: [string, unknown]) => [
    name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
    value,
  ]);
  return Object.fromEntries(named);
}
