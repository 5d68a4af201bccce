import {
  CreateSession,
  CreateTask,
  MarkFailed,
  UpdateSession,
  UpdateTask,
  Uuid,
} from '@claude-projects/shared/contract';
import * as z from 'zod/mini';

/** What happened in a session and is to be told to the API: each is one request, and safe to repeat. */
export const Change = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('create-session'), body: CreateSession }),
  z.object({ kind: z.literal('update-session'), session_id: Uuid, body: UpdateSession }),
  z.object({ kind: z.literal('fail-session'), session_id: Uuid, body: MarkFailed }),
  z.object({ kind: z.literal('create-task'), body: CreateTask }),
  z.object({ kind: z.literal('update-task'), task_id: Uuid, body: UpdateTask }),
]);
export type Change = z.output<typeof Change>;
