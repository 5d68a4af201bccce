import * as z from 'zod/mini';
import { Count, Milliseconds, Timestamp } from './primitives.ts';

export const StatsPeriod = z.strictObject({
  since: z.optional(z.iso.datetime({ offset: true })),
  until: z.optional(z.iso.datetime({ offset: true })),
});
export type StatsPeriod = z.output<typeof StatsPeriod>;

/** A share between 0 and 1; null where there was nothing to take a share of. */
const Rate = z.nullable(z.number().check(z.minimum(0), z.maximum(1)));

const DurationSummary = z
  .object({ p50_ms: z.nullable(Milliseconds), p95_ms: z.nullable(Milliseconds) })
  .check(z.meta({ id: 'DurationSummary' }));

export const ConsistencyFinding = z
  .object({
    kind: z.enum([
      'current_task_missing',
      'active_sessions_disagree',
      'place_held_twice',
      'successor_missing',
      'task_without_session',
    ]),
    session_id: z.nullable(z.string()),
    task_id: z.nullable(z.string()),
    machine_id: z.nullable(z.string()),
    detail: z.string(),
  })
  .check(z.meta({ id: 'ConsistencyFinding' }));
export type ConsistencyFinding = z.output<typeof ConsistencyFinding>;

export const Stats = z
  .object({
    since: Timestamp,
    until: Timestamp,
    recovery: z.object({ failed_or_stalled: Count, recovered: Count, rate: Rate }),
    detection: z.object({ stalls: Count, time_to_detect: DurationSummary }),
    false_positives: z.object({ stalls: Count, returned_by_themselves: Count, rate: Rate }),
    heartbeats: z.object({ received: Count, refused: Count, success_rate: Rate }),
    sessions: z.object({
      started: Count,
      completed: Count,
      failed: Count,
      completion_rate: Rate,
      duration: DurationSummary,
    }),
    tasks: z.object({ created: Count, completed: Count, failed: Count, completion_rate: Rate }),
    failure_reasons: z.array(z.object({ reason: z.string(), count: Count })),
    consistency: z.object({ checked_at: z.nullable(Timestamp), findings: z.array(ConsistencyFinding) }),
  })
  .check(z.meta({ id: 'Stats', description: "The product's success measures over a period." }));
export type Stats = z.output<typeof Stats>;
