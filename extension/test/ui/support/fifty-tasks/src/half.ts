import * as z from 'zod/mini';

/** From when to when the report took: what it tells happened in between. */
const Span = z.readonly(z.tuple([z.number(), z.number()]));

const ReportedTask = z.readonly(
  z.object({ taskId: z.string(), name: z.string(), started: z.optional(Span), completed: z.optional(Span) }),
);
export type ReportedTask = z.output<typeof ReportedTask>;

/** What one of the two windows reported. */
export const Half = z.readonly(z.object({ sessionId: z.string(), tasks: z.readonly(z.array(ReportedTask)) }));
export type Half = z.output<typeof Half>;
