import type { Latency } from './report.ts';

/** By nearest rank: the smallest of the values that so many of a hundred do not exceed. */
export function percentile(values: readonly number[], rank: number): number {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.max(0, Math.ceil((sorted.length * rank) / 100) - 1)] ?? Number.NaN;
}

export function latencyOf(of: string, durationsMs: readonly number[], limitMs: number): Latency {
  const at = (rank: number) => Math.round(percentile(durationsMs, rank));
  return { of, samples: durationsMs.length, p50Ms: at(50), p95Ms: at(95), p99Ms: at(99), limitMs };
}

export function isWithinLimit({ samples, p95Ms, limitMs }: Latency): boolean {
  return samples > 0 && p95Ms < limitMs;
}

export function describeLatency({ samples, p50Ms, p95Ms, p99Ms, limitMs }: Latency): string {
  return `p50 ${p50Ms} ms, p95 ${p95Ms} ms, p99 ${p99Ms} ms of ${samples}; p95 must stay under ${limitMs} ms`;
}
