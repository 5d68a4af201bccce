import * as z from 'zod/mini';
import { TrackedSession } from '../../../../src/lifecycle/tracked-session.ts';

const Times = z.object({ leaseMs: z.number(), renewMs: z.number() });

/** What a test asks of a worker. */
export const Order = z.discriminatedUnion('do', [
  z.object({ do: z.literal('take'), folder: z.string(), times: Times }),
  /** Track a session, and add tasks to it without end. */
  z.object({ do: z.literal('add'), root: z.string(), session: TrackedSession, times: Times }),
]);
export type Order = z.output<typeof Order>;

export const Report = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('ready') }),
  z.object({ kind: z.literal('taken') }),
  z.object({ kind: z.literal('held') }),
  z.object({ kind: z.literal('added'), number: z.number(), result: z.string() }),
  z.object({ kind: z.literal('stopped'), stillHeld: z.boolean() }),
]);
export type Report = z.output<typeof Report>;
