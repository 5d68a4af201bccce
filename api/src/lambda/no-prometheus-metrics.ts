/** Takes the place of the metrics page in the functions' bundles; each of them is given metrics of another kind. */
export function PrometheusMetrics(): never {
  throw new Error('a function has no page of metrics');
}
