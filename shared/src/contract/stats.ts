import * as z from 'zod/mini';
import { Count, Milliseconds, Timestamp } from './primitives.ts';

export const StatsPeriod = z.strictObject({
  since: z.optional(
    z.iso.datetime({ offset: true }).check(z.meta({ description: 'Default: 30 days before `until`.' })),
  ),
  until: z.optional(
    z.iso.datetime({ offset: true }).check(z.meta({ description: 'Default: now. Must lie after `since`.' })),
  ),
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
      'session_counts_disagree',
    ]),
    session_id: z.nullable(z.string()),
    task_id: z.nullable(z.string()),
    machine_id: z.nullable(z.string()),
    detail: z.string(),
  })
  .check(z.meta({ id: 'ConsistencyFinding' }));
export type ConsistencyFinding = z.output<typeof ConsistencyFinding>;

const Recovery = z.object({ failed_or_stalled: Count, recovered: Count, rate: Rate }).check(
  z.meta({
    description:
      'Sessions that failed in the period, stalled in it and still are, or died in it and were recovered; the rate is the share of those that were recovered. A stall that its session ended itself is a false positive and not counted here.',
  }),
);

const Detection = z.object({ stalls: Count, time_to_detect: DurationSummary }).check(
  z.meta({
    description:
      'Stalls found in the period, by the sweep or by a report. Time to detect: from the last heartbeat to the finding.',
  }),
);

const FalsePositives = z.object({ stalls: Count, returned_by_themselves: Count, rate: Rate }).check(
  z.meta({
    description: 'Of the stalls found in the period, those whose session came back by itself, without a recovery.',
  }),
);

const Heartbeats = z.object({ received: Count, refused: Count, success_rate: Rate }).check(
  z.meta({
    description:
      'received: accepted; refused: because the session had ended or its place was taken, or for a failure of the server. The success rate is received / (received + refused). Heartbeats to unknown sessions, malformed ones, and those over the rate limit are in neither. Counted by the hour: of each hour that overlaps the period, as of the last minute.',
  }),
);

const SessionStats = z
  .object({ started: Count, completed: Count, failed: Count, completion_rate: Rate, duration: DurationSummary })
  .check(
    z.meta({
      description:
        'started: created in the period. completed, failed: ended so in the period; a session that was recovered is neither, as its work goes on in its successor. Completion rate: completed / (completed + failed). Duration: from start to end, of the completed.',
    }),
  );

const TaskStats = z.object({ created: Count, completed: Count, failed: Count, completion_rate: Rate }).check(
  z.meta({
    description: 'created, and ended, in the period. Completion rate: completed / (completed + failed).',
  }),
);

const FailureReasons = z.array(z.object({ reason: z.string(), count: Count })).check(
  z.meta({
    description:
      'The ten commonest error messages of sessions that failed in the period, recovered since or not; the commonest first.',
  }),
);

const Consistency = z.object({ checked_at: z.nullable(Timestamp), findings: z.array(ConsistencyFinding) }).check(
  z.meta({
    description:
      'What the last check of the stored records found and did not mend, whatever the period: up to twenty findings of each kind. null: there has been no check yet.',
  }),
);

export const Stats = z
  .object({
    since: Timestamp,
    until: Timestamp,
    recovery: Recovery,
    detection: Detection,
    false_positives: FalsePositives,
    heartbeats: Heartbeats,
    sessions: SessionStats,
    tasks: TaskStats,
    failure_reasons: FailureReasons,
    consistency: Consistency,
  })
  .check(
    z.meta({
      id: 'Stats',
      description:
        "The product's success measures over a period that includes `since` and not `until`. Sessions that retention has deleted are no longer counted; stalls and heartbeats are kept for 400 days. Percentiles are by nearest rank.",
    }),
  );
export type Stats = z.output<typeof Stats>;
