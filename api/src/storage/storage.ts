import type { Activity, MachineStatus, Metadata, SessionStatus, TaskStatus } from '@claude-projects/shared/contract';
import type { ConsistencyCheck, FindingKind, SuspectBatch } from './consistency.ts';
import type { Measures, Period } from './measures.ts';
import type { ExpectedJob, JobRun, MachineRecord, SessionRecord, StallRecord, TaskRecord } from './records.ts';

/**
 * The port to the database. Rules live above it, in services; an engine only stores. Whatever decides
 * something is a compare-and-set: the guard travels with the write and holds at the moment of the write.
 * The contract suite in test/storage/ is the definition of every method here.
 */
export interface Storage extends Stores {
  readonly engine: 'sqlite' | 'mongodb';
  readonly leases: LeaseStore;
  readonly counters: CounterStore;
  readonly history: HistoryStore;
  readonly consistency: ConsistencyStore;
  /**
   * Runs `work` as one transaction: all of it or nothing, isolated from other writers. `work` may be run more
   * than once when it collided with another, so it must do nothing but use the given stores. It must use
   * those, not the storage's own, and await each call before it makes the next.
   */
  transaction<T>(work: (stores: Stores) => Promise<T>): Promise<T>;
  /** Resolves when the database answered; rejects with StorageUnavailableError. */
  ping(): Promise<void>;
  close(): Promise<void>;
}

export type EndedStatus = Extract<SessionStatus, 'completed' | 'failed'>;
export type LiveStatus = Exclude<SessionStatus, EndedStatus>;

export interface Stores {
  readonly sessions: SessionStore;
  readonly tasks: TaskStore;
  readonly machines: MachineStore;
}

export interface Page {
  limit: number;
  offset: number;
}

export interface Listing<Record> {
  records: Record[];
  /** How many there are in all, whatever the page. */
  total: number;
}

/** Every condition given must hold; a condition left out is not asked. */
export interface SessionGuard {
  status?: readonly SessionStatus[];
  /** Its last heartbeat is older than this. */
  silentSince?: Date;
  /** Its `recovered_by` is empty. */
  notRecovered?: true;
  currentTaskId?: string;
  recoveryAttemptsBelow?: number;
}

export interface SessionChanges {
  set: Partial<Omit<SessionRecord, 'session_id' | 'created_at' | 'created_from' | 'metadata' | 'next_position'>>;
  /** Merged key by key at the top level: a given key replaces what stood under it, null included. */
  mergeMetadata?: Metadata;
  /** Hands out a position: adds one to `next_position`; the position taken is the returned value less one. */
  takePosition?: true;
}

export interface HeartbeatChanges {
  at: Date;
  /** undefined: as it was; null: cleared. A change of it counts as progress. */
  currentTaskId?: string | null | undefined;
  activity?: Activity | undefined;
  activityDetail?: string | null | undefined;
  mergeMetadata?: Metadata | undefined;
}

export interface SessionFilter {
  project_id?: string | undefined;
  machine_id?: string | undefined;
  status?: SessionStatus | undefined;
  archived?: boolean | undefined;
  updatedSince?: Date | undefined;
}

/** Where a session runs. At most one active session may hold a place. */
export interface Place {
  project_id: string;
  machine_id: string;
  docker_slot: number | null;
}

export interface CountsCompared {
  kept: number;
  counted: number;
}

export interface SessionStore {
  /** Throws UniqueViolationError: `session_id`, `active_place` or `docker_slot`. */
  insert(record: SessionRecord): Promise<void>;
  get(sessionId: string): Promise<SessionRecord | null>;
  /**
   * Compare-and-set: the record after the change, or null where no session has the id or the guard does not
   * hold. Throws UniqueViolationError where the change would put two sessions in one place.
   */
  update(sessionId: string, guard: SessionGuard, changes: SessionChanges): Promise<SessionRecord | null>;
  /**
   * One atomic write and no other. For active, paused and stalled sessions; null for all others. Sets
   * `last_heartbeat` and `updated_at` to `at`. A stalled one becomes active: `stalled_at` is cleared and
   * `returned_at` set to `at`. A different current task also sets `last_progress_at`. Throws
   * UniqueViolationError where the place of a stalled session was taken meanwhile.
   */
  heartbeat(sessionId: string, changes: HeartbeatChanges): Promise<SessionRecord | null>;
  /** The record it deleted, or null. Its tasks are not touched. */
  delete(sessionId: string): Promise<SessionRecord | null>;
  /** Newest first: by `created_at`, then `session_id`, both descending. */
  list(filter: SessionFilter, page: Page): Promise<Listing<SessionRecord>>;
  /**
   * The session that keeps others out of a place: an active one in it or, where there is a docker slot, an
   * active or paused one in that slot of the machine whatever its project.
   */
  findHolder(place: Place): Promise<SessionRecord | null>;
  /** Without a look at each of those that have ended. */
  countByStatus(): Promise<Record<SessionStatus, number>>;
  /** The same for those that have not ended, without a look at those that have. */
  countLive(): Promise<Record<LiveStatus, number>>;
  /**
   * Holds the counts that the engine keeps against the sessions, which costs a look at each of them. Null where they
   * agree. To be run in a transaction, like the recount that is based on it.
   */
  compareCounts(): Promise<CountsCompared | null>;
  recount(): Promise<void>;
  /** How many active and how many paused sessions have been silent since before `silentSince`. */
  countOverdue(silentSince: Date): Promise<Record<'active' | 'paused', number>>;
  /**
   * Stalled ones, and active and paused ones silent since before `silentSince`; the longest silence first, then by id.
   */
  listStalled(
    filter: Pick<SessionFilter, 'project_id' | 'machine_id'>,
    silentSince: Date,
    page: Page,
  ): Promise<Listing<SessionRecord>>;
  /**
   * Turns up to `limit` active sessions silent since before `silentSince` into stalled ones (`stalled_at` and
   * `updated_at` become `at`) and returns those this very call turned: each goes to one caller only.
   */
  markOverdueStalled(silentSince: Date, at: Date, limit: number): Promise<SessionRecord[]>;
  /** Ids of stalled and paused sessions silent since before `silentSince`, the longest silence first. */
  listAbandoned(silentSince: Date, limit: number): Promise<string[]>;
  /** Ids of sessions whose `expires_at` lies before `expiredBefore`, the earliest first. */
  listExpired(expiredBefore: Date, limit: number): Promise<string[]>;
  /** Ids of the machine's sessions that have not ended, in the order they were created. */
  listLiveIds(machineId: string): Promise<string[]>;
}

export interface TaskGuard {
  status?: readonly TaskStatus[];
  sessionId?: string;
}

export interface TaskChanges {
  set: Partial<Omit<TaskRecord, 'task_id' | 'created_at' | 'created_from' | 'metadata'>>;
  mergeMetadata?: Metadata;
}

export interface TaskFilter {
  session_id?: string | undefined;
  project_id?: string | undefined;
  status?: TaskStatus | undefined;
}

export interface TaskStore {
  /** Throws UniqueViolationError: `task_id`. */
  insert(record: TaskRecord): Promise<void>;
  get(taskId: string): Promise<TaskRecord | null>;
  /** Compare-and-set, as for sessions. */
  update(taskId: string, guard: TaskGuard, changes: TaskChanges): Promise<TaskRecord | null>;
  delete(taskId: string): Promise<TaskRecord | null>;
  /** By `session_id`, `position`, `task_id`. */
  list(filter: TaskFilter, page: Page): Promise<Listing<TaskRecord>>;
  /** All tasks of a session in their order. */
  listOfSession(sessionId: string): Promise<TaskRecord[]>;
  /** Turns the session's running tasks into failed ones; how many there were. */
  failRunning(sessionId: string, at: Date, errorMessage: string): Promise<number>;
  /** Sets `expires_at` of all tasks of a session; nothing else, `updated_at` included. */
  setExpiry(sessionId: string, expiresAt: Date | null): Promise<void>;
  /** How many it deleted. */
  deleteOfSession(sessionId: string): Promise<number>;
}

export interface MachineChanges {
  set: Partial<Omit<MachineRecord, 'machine_id' | 'created_at' | 'metadata'>>;
  mergeMetadata?: Metadata;
}

export interface MachineStore {
  /**
   * Inserts the machine or, where it is registered already, brings it up to date and says so: its `created_at` stays,
   * its metadata is merged as in an update, and a machine in `maintenance` stays there.
   */
  register(record: MachineRecord): Promise<{ created: boolean; record: MachineRecord }>;
  get(machineId: string): Promise<MachineRecord | null>;
  update(machineId: string, changes: MachineChanges): Promise<MachineRecord | null>;
  /** Sets `last_heartbeat` and `updated_at` to `at`, and the list of sessions; an offline machine becomes online. */
  heartbeat(machineId: string, at: Date, activeSessions: readonly string[]): Promise<MachineRecord | null>;
  /**
   * Turns online machines offline of which nothing was heard since `heardSince`, neither a heartbeat of their own nor
   * one of a session on them; turns offline machines online on which a session was heard since then, and after the
   * last change of the machine. `updated_at` becomes `at`. Returns those this very call turned.
   */
  markPresence(heardSince: Date, at: Date): Promise<MachineRecord[]>;
  /** Only where it has no active session. Says whether it deleted. */
  deleteIdle(machineId: string): Promise<boolean>;
  /** By `machine_id`, ascending. */
  list(filter: { status?: MachineStatus | undefined }, page: Page): Promise<Listing<MachineRecord>>;
  /** Puts a session on the list of its machine, once. Does nothing for a machine that is not registered. */
  addSession(machineId: string, sessionId: string, at: Date): Promise<void>;
  removeSession(machineId: string, sessionId: string, at: Date): Promise<void>;
}

export interface LeaseStore {
  /**
   * Takes the lease if it is free, has run out by `now`, or is the holder's own. Of any number of callers at
   * once one gets it.
   */
  acquire(name: string, holder: string, now: Date, until: Date): Promise<boolean>;
  /** Frees it if it is still the holder's. */
  release(name: string, holder: string): Promise<void>;
  /** Keeps the last run of each job. */
  recordRun(run: JobRun): Promise<void>;
  lastRuns(): Promise<JobRun[]>;
  /** Keeps since when each of these jobs is expected to run: `now`, where it was not expected before. */
  expectJobs(jobs: readonly string[], now: Date): Promise<ExpectedJob[]>;
}

/** Counts that several instances share, such as those of a rate limit. */
export interface CounterStore {
  /**
   * Adds one to the counter of that key and window, and returns what it is then: of any number of callers at
   * once each gets another number. Once `windowEnd` is past the engine may forget it.
   */
  hit(key: string, windowEnd: Date): Promise<number>;
  /** Forgets the counters whose window ended before `now`. */
  forgetEnded(now: Date): Promise<void>;
}

export interface HeartbeatCounts {
  received: number;
  refused: number;
}

/** What happened to sessions over time, kept for the success measures. */
export interface HistoryStore {
  /** Notes for each session that it was found stalled; told again, it changes nothing. */
  recordStalls(stalls: readonly StallRecord[]): Promise<void>;
  /** Notes that a stalled session came back by itself; ends its latest stall that is still open, if any. */
  recordReturn(sessionId: string, at: Date): Promise<void>;
  /** Adds to the counts of the hour that begins at `hour`. */
  countHeartbeats(hour: Date, counts: HeartbeatCounts): Promise<void>;
  /**
   * What the success measures of a period are made of, with so many failure reasons at most. Its parts are not of
   * one instant.
   */
  measure(period: Period, mostReasons: number): Promise<Measures>;
  /** Forgets the stalls and the hours that lie before. */
  forgetBefore(before: Date): Promise<void>;
}

/** Finds what can only be wrong if a promise of this port was broken, or somebody wrote past it. */
export interface ConsistencyStore {
  /**
   * Looks at the next `limit` records after `after` (null: from the start), in an order that does not change while
   * others write, and returns those that look wrong. Sessions held twice in a place come in one batch, at most
   * `limit` places.
   */
  suspects(kind: FindingKind, after: string | null, limit: number): Promise<SuspectBatch>;
  /** Keeps the last check. */
  saveCheck(check: ConsistencyCheck): Promise<void>;
  lastCheck(): Promise<ConsistencyCheck | null>;
}
