import { createHistogram } from 'node:perf_hooks';
import type { LoadResult } from './load-plan.ts';

/** Microseconds go in, so that a percentile is not rounded to the whole milliseconds of most load generators. */
export class Latencies {
  readonly #histogram = createHistogram({ lowest: 1, highest: 60_000_000, figures: 3 });

  record(milliseconds: number): void {
    this.#histogram.record(Math.max(1, Math.round(milliseconds * 1000)));
  }

  get count(): number {
    return this.#histogram.count;
  }

  percentiles(): Pick<LoadResult, 'p50' | 'p95' | 'p99'> {
    const at = (percentile: number) => this.#histogram.percentile(percentile) / 1000;
    return { p50: at(50), p95: at(95), p99: at(99) };
  }
}
