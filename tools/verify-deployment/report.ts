/** `not-verified`: left out on request, or never reached. Nothing is known of it. */
export type Outcome = 'passed' | 'failed' | 'not-verified';

export interface CheckResult {
  readonly id: string;
  readonly title: string;
  /** The acceptance criteria of the product that it stands for. */
  readonly criteria: readonly string[];
  readonly outcome: Outcome;
  readonly durationMs: number;
  /** What was found, or why it failed or was not verified. */
  readonly detail: string | undefined;
}

export interface Latency {
  readonly of: string;
  readonly samples: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly p99Ms: number;
  /** What 95 of 100 must stay under. */
  readonly limitMs: number;
}

export interface Report {
  /** Nothing failed, and nothing was left out but what the caller asked to leave out. */
  readonly passed: boolean;
  readonly url: string;
  /** Under which everything of this run was stored. */
  readonly projectId: string;
  readonly durationMs: number;
  readonly checks: readonly CheckResult[];
  readonly latencies: readonly Latency[];
}

export function withOutcome(report: Pick<Report, 'checks'>, outcome: Outcome): readonly CheckResult[] {
  return report.checks.filter((check) => check.outcome === outcome);
}
