import type { Clock } from '../common/clock.ts';
import { type Metrics, type MetricsPage, NAMES, type ReadGauges } from './metrics.ts';

const NAMESPACE = 'ClaudeProjects';
const SERVICE = 'state-tracking-api';

/** How many values of one metric a line may carry; CloudWatch drops the rest. */
const MOST_VALUES = 100;
const FLUSH_AFTER_MS = 10_000;

type Unit = 'Count' | 'Milliseconds';

/**
 * Writes the metrics as lines in CloudWatch's embedded metric format, for functions, whose memory nobody can
 * scrape. One line says all since the last: it is written once it has gathered for ten seconds or is full, when
 * a request is answered, since between requests a function is frozen and no timer would run.
 *
 * The dimensions are the service and its stage. CloudWatch bills each combination of dimensions as a metric of its own,
 * so what was asked for, and with which status, is a property beside the metrics: searchable, and free.
 */
export class EmbeddedMetrics implements Metrics {
  readonly #stream: { write(text: string): unknown };
  readonly #clock: Clock;
  readonly #dimensions: Readonly<Record<string, string>>;
  #gatheringSince: number;
  #requests = new Map<string, number>();
  #heartbeats: number[] = [];
  #queries: number[] = [];

  /** `stage` keeps apart what several deployments in one account tell; undefined where there is only one. */
  constructor(stream: { write(text: string): unknown }, clock: Clock, stage: string | undefined) {
    this.#stream = stream;
    this.#clock = clock;
    this.#dimensions = { service: SERVICE, ...(stage && { stage }) };
    this.#gatheringSince = clock.now().getTime();
  }

  requestAnswered(endpoint: string, method: string, status: number): void {
    const key = `${method} ${endpoint} ${status}`;
    this.#requests.set(key, (this.#requests.get(key) ?? 0) + 1);
    if (this.#clock.now().getTime() - this.#gatheringSince >= FLUSH_AFTER_MS) this.#write([]);
  }

  heartbeatHandled(milliseconds: number): void {
    if (this.#heartbeats.push(milliseconds) >= MOST_VALUES) this.#write([]);
  }

  queryEnded(_operation: string, milliseconds: number): void {
    if (this.#queries.push(milliseconds) >= MOST_VALUES) this.#write([]);
  }

  async page(): Promise<MetricsPage> {
    return {
      contentType: 'text/plain; charset=utf-8',
      text: `# CloudWatch has them, in the namespace ${NAMESPACE}.\n`,
    };
  }

  /**
   * The gauges go out here only: in a cloud the sweep runs as a short-lived application every other
   * minute, in one place, while each of many functions would tell the same numbers again.
   */
  async close(read: ReadGauges): Promise<void> {
    const gauges = await read();
    this.#write([
      [NAMES.databaseUp, 'Count', gauges ? 1 : 0],
      ...(gauges
        ? ([
            [NAMES.activeSessions, 'Count', gauges.active],
            [NAMES.stalledSessions, 'Count', gauges.stalled],
            [NAMES.offlineMachines, 'Count', gauges.offlineMachines],
            [NAMES.unhealthyJobs, 'Count', gauges.jobs.filter(({ status }) => status !== 'ok').length],
          ] as const)
        : []),
    ]);
  }

  #write(gauges: readonly (readonly [name: string, unit: Unit, value: number])[]): void {
    const timestamp = this.#clock.now().getTime();
    const answered = [...this.#requests.values()].reduce((sum, times) => sum + times, 0);
    const metrics: (readonly [name: string, unit: Unit, value: number | readonly number[]])[] = [...gauges];
    if (answered > 0) metrics.push([NAMES.requests, 'Count', answered]);
    if (this.#heartbeats.length > 0) metrics.push([NAMES.heartbeats, 'Milliseconds', this.#heartbeats]);
    if (this.#queries.length > 0) metrics.push([NAMES.queries, 'Milliseconds', this.#queries]);
    const line = {
      _aws: {
        Timestamp: timestamp,
        CloudWatchMetrics: [
          {
            Namespace: NAMESPACE,
            Dimensions: [Object.keys(this.#dimensions)],
            Metrics: metrics.map(([Name, Unit]) => ({ Name, Unit })),
          },
        ],
      },
      ...this.#dimensions,
      ...Object.fromEntries(metrics.map(([name, , value]) => [name, value])),
      requests: Object.fromEntries(this.#requests),
    };
    this.#requests = new Map();
    this.#heartbeats = [];
    this.#queries = [];
    this.#gatheringSince = timestamp;
    this.#stream.write(`${JSON.stringify(line)}\n`);
  }
}
