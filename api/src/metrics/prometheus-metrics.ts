import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import { type Metrics, type MetricsPage, NAMES, type ReadGauges } from './metrics.ts';
import { nodeMetrics } from './node-metrics.ts';

/** Few, as each is compared with on every heartbeat. */
const HEARTBEAT_BUCKETS = [1, 5, 10, 25, 50, 100, 250, 1000, 5000];
const QUERY_BUCKETS = [1, 5, 10, 50, 100, 500, 1000, 10_000];

/** Keeps the metrics in memory and shows them to whoever scrapes this process. */
export class PrometheusMetrics implements Metrics {
  readonly #registry = new Registry();
  readonly #requests = new Counter({
    name: NAMES.requests,
    help: 'Requests answered, by route, method and status',
    labelNames: ['endpoint', 'method', 'status'] as const,
    registers: [this.#registry],
  });
  readonly #heartbeats = new Histogram({
    name: NAMES.heartbeats,
    help: 'How long heartbeats took to answer',
    buckets: HEARTBEAT_BUCKETS,
    registers: [this.#registry],
  });
  readonly #queries = new Histogram({
    name: NAMES.queries,
    help: 'How long operations of the database took, by operation',
    labelNames: ['operation'] as const,
    buckets: QUERY_BUCKETS,
    registers: [this.#registry],
  });
  /** Resolving labels costs more than counting; there are few of them, so each is resolved once. */
  readonly #requestChildren = new Map<string, Counter.Internal>();
  readonly #queryChildren = new Map<string, Histogram.Internal<'operation'>>();

  requestAnswered(endpoint: string, method: string, status: number): void {
    const key = `${status} ${method} ${endpoint}`;
    let child = this.#requestChildren.get(key);
    if (!child) {
      child = this.#requests.labels(endpoint, method, String(status));
      this.#requestChildren.set(key, child);
    }
    child.inc();
  }

  heartbeatHandled(milliseconds: number): void {
    this.#heartbeats.observe(milliseconds);
  }

  queryEnded(operation: string, milliseconds: number): void {
    let child = this.#queryChildren.get(operation);
    if (!child) {
      child = this.#queries.labels(operation);
      this.#queryChildren.set(operation, child);
    }
    child.observe(milliseconds);
  }

  async page(read: ReadGauges): Promise<MetricsPage> {
    const registries = [await gaugesOf(read), this.#registry, nodeMetrics()];
    const texts = await Promise.all(registries.map((registry) => registry.metrics()));
    return { contentType: this.#registry.contentType, text: texts.join('\n') };
  }

  async close(): Promise<void> {
    // Whoever scrapes this process has read what there was to read.
  }
}

/** Made for each page: a number that could not be read must be absent, not the one of the last page. */
async function gaugesOf(read: ReadGauges): Promise<Registry> {
  const registry = new Registry();
  const show = (name: string, help: string, value: number) =>
    new Gauge({ name, help, registers: [registry] }).set(value);
  const gauges = await read();
  show(NAMES.databaseUp, 'Whether the database answers: 1 or 0', gauges ? 1 : 0);
  if (!gauges) return registry;
  show(NAMES.activeSessions, 'Active sessions that are not silent for too long', gauges.active);
  show(NAMES.stalledSessions, 'Stalled sessions, found by the sweep or not yet', gauges.stalled);
  show(NAMES.offlineMachines, 'Machines of which nothing was heard for too long', gauges.offlineMachines);
  const byJob = { labelNames: ['job'] as const, registers: [registry] };
  const healthy = new Gauge({
    name: NAMES.jobHealthy,
    help: '0: the job is overdue, or its last run failed',
    ...byJob,
  });
  const lastRun = new Gauge({ name: NAMES.jobLastRun, help: 'When the job last ran; 0: never', ...byJob });
  for (const { name, status, last_run } of gauges.jobs) {
    healthy.set({ job: name }, status === 'ok' ? 1 : 0);
    lastRun.set({ job: name }, last_run === null ? 0 : Date.parse(last_run) / 1000);
  }
  return registry;
}
