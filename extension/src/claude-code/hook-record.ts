import * as z from 'zod/mini';

const Text = z.optional(z.string());

/** What the hook program wrote of one event of Claude Code. */
export const HookRecord = z.object({
  v: z.literal(1),
  at: z.number(),
  event: z.string(),
  session: z.string(),
  cwd: z.string(),
  process: z.object({ pid: z.optional(z.int()), start: Text, host: z.string() }),
  continues: Text,
  transcript_path: Text,
  source: Text,
  reason: Text,
  notification_type: Text,
  message: Text,
  error: Text,
  task_id: Text,
  task_subject: Text,
  agent_id: Text,
  agent_type: Text,
  /** The beginning of what the user asked. */
  prompt: Text,
});
export type HookRecord = z.output<typeof HookRecord>;
export type SeenProcess = HookRecord['process'];
