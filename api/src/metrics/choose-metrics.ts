import type { Clock } from '../common/clock.ts';
import { EmbeddedMetrics } from './embedded-metrics.ts';
import type { Metrics } from './metrics.ts';
import { PrometheusMetrics } from './prometheus-metrics.ts';

/** A function on Lambda tells CloudWatch through its log; a server waits to be scraped. */
export function chooseMetrics(
  variables: Readonly<Record<string, string | undefined>>,
  output: { write(text: string): unknown },
  clock: Clock,
): Metrics {
  if (!variables['AWS_LAMBDA_FUNCTION_NAME']) return new PrometheusMetrics();
  return new EmbeddedMetrics(output, clock, variables['STAGE']);
}
