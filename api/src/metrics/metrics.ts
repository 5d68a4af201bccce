export interface GaugeValues {
  active: number;
  stalled: number;
  offlineMachines: number;
}

/** How many sessions and machines there are now; null where the database did not say. */
export type ReadGauges = () => Promise<GaugeValues | null>;

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
  page(count: ReadGauges): Promise<MetricsPage>;
  /** Says what was not said yet. */
  close(count: ReadGauges): Promise<void>;
}

export const METRICS = Symbol('Metrics');

/** The names by which dashboards and alarms know them, the same in both forms. */
export const NAMES = {
  requests: 'api_requests_total',
  activeSessions: 'active_sessions_count',
  stalledSessions: 'stalled_sessions_count',
  offlineMachines: 'offline_machines_count',
  heartbeats: 'heartbeat_latency_ms',
  queries: 'database_query_duration_ms',
  databaseUp: 'database_up',
} as const;
