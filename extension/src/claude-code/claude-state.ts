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
  process: z.optional(z.looseObject({ pid: z.optional(z.int()), start: z.optional(z.string()), host: z.string() })),
  /** When its process was seen last, by a hook that it ran. */
  seenAt: z.number(),
  transcript: z.optional(z.string()),
  /** Its first prompt. */
  title: z.optional(z.string()),
  /** Those that run, by Claude Code's own ids. */
  tasks: z.record(z.string(), Task),
  /** It tells of its tasks itself, so that its agents are not taken for tasks. */
  tellsTasks: z.boolean(),
  activity: z.enum(['working', 'waiting_for_input', 'idle']),
  activityDetail: z.optional(z.string()),
  /** Records that count already, but may not have been removed. */
  done: z.array(z.string()),
});
export type ClaudeState = z.output<typeof ClaudeState>;

export function newState(cwd: string, seenAt: number): ClaudeState {
  return { v: 1, phase: 'new', cwd, seenAt, tasks: {}, tellsTasks: false, activity: 'idle', done: [] };
}

/** Fields that only a newer version knows stay in it, and are written again. */
const ReadState = z.looseObject(ClaudeState.shape);

/** `newer`: whole, but of a version that knows more. It is left to that one. Undefined: damaged. */
export function stateIn(text: string): ClaudeState | 'newer' | undefined {
  try {
    return ReadState.safeParse(JSON.parse(text)).data ?? 'newer';
  } catch {
    return undefined;
  }
}
