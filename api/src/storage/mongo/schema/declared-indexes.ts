import type { Models } from './models.ts';

export interface DeclaredIndex {
  readonly name: string;
  readonly key: Readonly<Record<string, 1 | -1>>;
  readonly unique?: true;
  /** 0: a document goes once the time in the field has passed. */
  readonly expireAfterSeconds?: 0;
  readonly partialFilterExpression?: Readonly<Record<string, unknown>>;
}

/**
 * A heartbeat rewrites its entry in every index that holds `last_heartbeat` or `updated_at`, and in no other.
 * Where a list has an order, its index ends with that order, ids included, so that pages need no sorting.
 */
const SESSIONS: readonly DeclaredIndex[] = [
  // The unique ones first: a repeated create breaks several, and the first to be checked is the one it is told.
  { name: 'session_id', key: { session_id: 1 }, unique: true },
  // Null equals null here, so `docker_slot` is always stored.
  {
    name: 'active_place',
    key: { project_id: 1, machine_id: 1, docker_slot: 1 },
    unique: true,
    partialFilterExpression: { status: 'active' },
  },
  // A paused session keeps its slot. `$gte` and not `$type`: only so is `docker_slot: 3` known to lie within.
  {
    name: 'docker_slot',
    key: { machine_id: 1, docker_slot: 1 },
    unique: true,
    partialFilterExpression: { docker_slot: { $gte: 0 }, status: { $in: ['active', 'paused'] } },
  },
  { name: 'project_id_status', key: { project_id: 1, status: 1 } },
  { name: 'machine_id', key: { machine_id: 1 } },
  { name: 'last_heartbeat', key: { last_heartbeat: 1 } },
  // The stall sweep, the stalled list, the counts.
  { name: 'status_last_heartbeat', key: { status: 1, last_heartbeat: 1, session_id: 1 } },
  // The lists, newest first.
  { name: 'newest_first', key: { created_at: -1, session_id: -1 } },
  { name: 'project_newest_first', key: { project_id: 1, created_at: -1, session_id: -1 } },
  { name: 'machine_newest_first', key: { machine_id: 1, created_at: -1, session_id: -1 } },
  { name: 'status_newest_first', key: { status: 1, created_at: -1, session_id: -1 } },
  { name: 'archived_newest_first', key: { archived_at: 1, created_at: -1, session_id: -1 } },
  // "What changed since": few of many, so they are found here and sorted afterwards.
  { name: 'updated_at', key: { updated_at: 1 } },
  // The measures of a period.
  { name: 'status_completed_at', key: { status: 1, completed_at: 1, session_id: 1 } },
  // What retention may delete, for the server itself and for the clean-up job.
  { name: 'expiry', key: { expires_at: 1 }, expireAfterSeconds: 0 },
  // The ended ones that are about to be deleted, or were just now: those no counter can count. And the recount.
  { name: 'status_expires_at', key: { status: 1, expires_at: 1 } },
  // The consistency check, which walks along the live ones and the recovered ones.
  {
    name: 'live',
    key: { session_id: 1, status: 1 },
    partialFilterExpression: { status: { $in: ['active', 'paused', 'stalled'] } },
  },
  {
    name: 'live_of_machine',
    key: { machine_id: 1, status: 1 },
    partialFilterExpression: { status: { $in: ['active', 'paused', 'stalled'] } },
  },
  { name: 'recovered_by', key: { recovered_by: 1 } },
];

const TASKS: readonly DeclaredIndex[] = [
  { name: 'task_id', key: { task_id: 1 }, unique: true },
  { name: 'session_id_status', key: { session_id: 1, status: 1 } },
  { name: 'session_id_position', key: { session_id: 1, position: 1, task_id: 1 } },
  { name: 'project_id', key: { project_id: 1 } },
  { name: 'status_in_order', key: { status: 1, session_id: 1, position: 1, task_id: 1 } },
  // The measures of a period.
  { name: 'created_at', key: { created_at: 1 } },
  { name: 'status_completed_at', key: { status: 1, completed_at: 1 } },
  { name: 'expiry', key: { expires_at: 1 }, expireAfterSeconds: 0 },
];

const MACHINES: readonly DeclaredIndex[] = [
  { name: 'machine_id', key: { machine_id: 1 }, unique: true },
  { name: 'status', key: { status: 1 } },
  { name: 'last_heartbeat', key: { last_heartbeat: 1 } },
];

export const INDEXES: Readonly<Record<keyof Models, readonly DeclaredIndex[]>> = {
  sessions: SESSIONS,
  sessionCounts: [{ name: 'shard', key: { shard: 1 }, unique: true }],
  tasks: TASKS,
  machines: MACHINES,
  leases: [{ name: 'name', key: { name: 1 }, unique: true }],
  jobRuns: [{ name: 'job', key: { job: 1 }, unique: true }],
  expectedJobs: [{ name: 'job', key: { job: 1 }, unique: true }],
  counters: [
    { name: 'key_window', key: { key: 1, window_end: 1 }, unique: true },
    { name: 'expiry', key: { window_end: 1 }, expireAfterSeconds: 0 },
  ],
  stalls: [
    { name: 'session_id_detected_at', key: { session_id: 1, detected_at: 1 }, unique: true },
    // A period: how many, how long undetected, how many came back; without a look at the documents.
    { name: 'detected_at', key: { detected_at: 1, silence_ms: 1, returned_at: 1 } },
  ],
  heartbeatCounts: [{ name: 'hour', key: { hour: 1 }, unique: true }],
  consistencyChecks: [{ name: 'name', key: { name: 1 }, unique: true }],
};
