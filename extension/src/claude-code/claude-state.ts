import { Uuid } from '@claude-projects/shared/contract';
import * as z from 'zod/mini';

/**
 * - `new`: seen, and nothing told of it yet
 * - `live`: tracked as `sessionId`
 * - `ended`: its end was told; what it does next begins another session
 * - `parted`: somebody else ended or recovered what tracked it; only a new start begins another
 */
const Phase = z.enum(['new', 'live', 'ended', 'parted']);

const Task = z.looseObject({ taskId: Uuid, name: z.string() });

const Process = z.object({ pid: z.optional(z.int()), start: z.optional(z.string()), host: z.string() });

/** Something a person is asked, in the terminal. */
const Question = z.object({
  /** What its answer is told by; empty where only a new state can tell. */
  key: z.string(),
  text: z.optional(z.string()),
  /** The agent that asks, if it is not the conversation itself. */
  agent: z.optional(z.string()),
  at: z.number(),
});
export type Question = z.output<typeof Question>;

const Turn = z.object({ is: z.enum(['working', 'idle']), at: z.number() });

const Proof = z.object({ signal: z.enum(['hook', 'register', 'process']), name: z.string(), at: z.number() });

/** How a process said that it ends. */
const Ending = z.object({
  pid: z.optional(z.int()),
  at: z.number(),
  /** What it was in the middle of; undefined where it had nothing to do, or a person let it go. */
  doing: z.optional(z.string()),
});

/** What is remembered of a session of Claude Code, beside its records. */
export const ClaudeState = z.object({
  v: z.literal(1),
  phase: Phase,
  /** Where it began, as a folder. */
  cwd: z.string(),
  /** The workspace that follows it: another one has neither its journal nor its place. */
  workspace: z.optional(z.string()),
  /** What it is, or was, tracked as. */
  sessionId: z.optional(Uuid),
  /** The one that was heard of last. */
  process: z.optional(Process),
  /** When its process was seen last, by a hook that it ran. */
  seenAt: z.number(),
  /** All that work on this conversation, with when they were seen last. */
  processes: z._default(z.array(z.extend(Process, { seenAt: z.number() })), []),
  transcript: z.optional(z.string()),
  /** Its first prompt. */
  title: z.optional(z.string()),
  /** Those that are not done, by Claude Code's own ids. */
  tasks: z.record(z.string(), Task),
  /** It tells of its tasks itself, so that its agents are not taken for tasks. */
  tellsTasks: z.boolean(),
  /** Of the conversation itself, whatever its agents do. */
  turn: z._default(Turn, { is: 'idle', at: 0 }),
  /** In the order in which they were asked. */
  questions: z._default(z.array(Question), []),
  /** Those that work, by Claude Code's own ids, with what they are to do. */
  agents: z._default(z.record(z.string(), z.string()), {}),
  /** Agents that were called and have not begun: which of them begins is not told. */
  calls: z._default(z.array(z.object({ type: z.optional(z.string()), about: z.string() })), []),
  /** The tool that runs, and the same with its input in short, which stays on this machine. */
  tool: z.optional(z.object({ name: z.string(), inShort: z.string() })),
  /** Why the last turn failed. */
  fault: z.optional(z.string()),
  lastMessage: z.optional(z.string()),
  /** What it did until its register called it idle: that comes just before an end, too. */
  left: z.optional(z.object({ doing: z.string(), at: z.number() })),
  endings: z._default(z.array(Ending), []),
  proof: z.optional(Proof),
  activity: z.enum(['working', 'waiting_for_input', 'idle']),
  activityDetail: z.optional(z.string()),
  /** Records that count already, but may not have been removed. */
  done: z.array(z.string()),
});
export type ClaudeState = z.output<typeof ClaudeState>;

export function newState(cwd: string, seenAt: number): ClaudeState {
  return {
    v: 1,
    phase: 'new',
    cwd,
    seenAt,
    processes: [],
    tasks: {},
    tellsTasks: false,
    turn: { is: 'idle', at: 0 },
    questions: [],
    agents: {},
    calls: [],
    endings: [],
    activity: 'idle',
    done: [],
  };
}

/** Fields that only a newer version knows stay in it, and are written again. */
const ReadState = z.looseObject(ClaudeState.shape);

/** `newer`: whole, but of a version that knows more. It is left to that one. Undefined: damaged. */
export function stateIn(text: string): ClaudeState | 'newer' | undefined {
  try {
    const state = ReadState.safeParse(JSON.parse(text)).data;
    return state ? withItsProcess(state) : 'newer';
  } catch {
    return undefined;
  }
}

/** An older version remembered one process alone. */
function withItsProcess(state: ClaudeState): ClaudeState {
  const { process, processes, seenAt } = state;
  return process && processes.length === 0 ? { ...state, processes: [{ ...process, seenAt }] } : state;
}
