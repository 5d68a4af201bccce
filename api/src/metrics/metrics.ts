import type { JobHealth } from '../health/jobs-check.ts';

/** How things are now, as the database says. */
export interface Gauges {
  active: number;
  stalled: number;
  offlineMachines: number;
  jobs: readonly JobHealth[];
}

/** Null where the database did not answer. */
export type ReadGauges = () => Promise<Gauges | null>;

export interface MetricsPage {
  contentType: string;
  text: string;
}

/** What is measured, whoever reads it: a scraper that asks, or a log that is told. Noting must cost next to nothing. */
export interface Metrics {
  /** `endpoint` is the pattern of a route, never the address that was asked for: there are few patterns. */
  requestAnswered(endpoint: string, method: string, status: number): void;
  heartbeatHandled(milliseconds: number): void;
  queryEnded(operation: string, milliseconds: number): void;
  page(read: ReadGauges): Promise<MetricsPage>;
  /** Says what was not said yet. */
  close(read: ReadGauges): Promise<void>;
}

export const METRICS = Symbol('Metrics');

/** The names by which dashboards and alarms know them. The jobs are told one by one on the page, as one count in the log. */
export const NAMES = {
  requests: 'api_requests_total',
  activeSessions: 'active_sessions_count',
  stalledSessions: 'stalled_sessions_count',
  offlineMachines: 'offline_machines_count',
  heartbeats: 'heartbeat_latency_ms',
  queries: 'database_query_duration_ms',
  databaseUp: 'database_up',
  jobHealthy: 'job_healthy',
  jobLastRun: 'job_last_run_timestamp_seconds',
  unhealthyJobs: 'unhealthy_jobs_count',
} as const;
