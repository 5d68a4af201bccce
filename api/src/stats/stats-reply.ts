import type { Stats } from '@claude-projects/shared/contract';
import type { ConsistencyCheck } from '../storage/consistency.ts';
import type { Measures, Period, Spread } from '../storage/measures.ts';

/** The measures as the contract defines them, which is where each rate is explained. */
export function toStats({ since, until }: Period, measures: Measures, check: ConsistencyCheck | null): Stats {
  const { stalls, heartbeats, sessions, tasks, failureReasons } = measures;
  const failedOrStalled = sessions.failed + sessions.stalled + sessions.recovered;
  return {
    since: since.toISOString(),
    until: until.toISOString(),
    recovery: {
      failed_or_stalled: failedOrStalled,
      recovered: sessions.recovered,
      rate: share(sessions.recovered, failedOrStalled),
    },
    detection: { stalls: stalls.detected, time_to_detect: toSummary(stalls.timeToDetectMs) },
    false_positives: {
      stalls: stalls.detected,
      returned_by_themselves: stalls.returned,
      rate: share(stalls.returned, stalls.detected),
    },
    heartbeats: { ...heartbeats, success_rate: share(heartbeats.received, heartbeats.received + heartbeats.refused) },
    sessions: {
      started: sessions.started,
      completed: sessions.completed,
      failed: sessions.failed,
      completion_rate: share(sessions.completed, sessions.completed + sessions.failed),
      duration: toSummary(sessions.durationMs),
    },
    tasks: { ...tasks, completion_rate: share(tasks.completed, tasks.completed + tasks.failed) },
    failure_reasons: failureReasons.map(({ reason, count }) => ({ reason: reason ?? 'no reason given', count })),
    consistency: { checked_at: check?.checked_at.toISOString() ?? null, findings: check?.findings ?? [] },
  };
}

/** At most 1: the counts are not of one instant, and a part may have grown after its whole was counted. */
function share(part: number, whole: number): number | null {
  return whole === 0 ? null : Math.min(1, part / whole);
}

function toSummary({ p50, p95 }: Spread): Stats['detection']['time_to_detect'] {
  return { p50_ms: p50, p95_ms: p95 };
}
