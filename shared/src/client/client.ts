import { ROUTES } from '../contract/routes.ts';
import type { CallOptions, ConditionalCallOptions, ConditionalReply } from './call-options.ts';
import { type ClientOptions, clientSettings } from './client-options.ts';
import type {
  CleanupSessionsQuery,
  CreateSessionInput,
  CreateTaskInput,
  DeleteOldSessionsQuery,
  GetStatsQuery,
  ListArchivedSessionsQuery,
  ListMachinesQuery,
  ListSessionsQuery,
  ListStalledSessionsQuery,
  ListTasksQuery,
  MarkSessionFailedInput,
  MarkSessionStalledInput,
  RecoverSessionInput,
  RegisterMachineInput,
  SendHeartbeatInput,
  UpdateMachineInput,
  UpdateSessionInput,
  UpdateTaskInput,
} from './inputs.ts';
import type {
  CleanupReport,
  DetailedHealth,
  DetectFailuresReport,
  Machine,
  MachineList,
  OpenApiDocument,
  RecoveryState,
  ServiceHealth,
  ServiceReadiness,
  Session,
  SessionHealthReport,
  SessionHealthSummary,
  SessionList,
  StalledSessionList,
  Stats,
  Task,
  TaskList,
} from './records.ts';
import { RouteCaller } from './route-caller.ts';

type ListingOptions = CallOptions & Partial<ConditionalCallOptions>;

/**
 * The API, one method for each route of the contract, of the same name. The arguments are the ids in the path, then
 * what is sent, then `CallOptions`. Every failure of a call is an `ApiError`; what could never be sent, such as an
 * empty id, is a TypeError or RangeError.
 */
export class StateTrackingApiClient {
  /** Private to the engine, so that no inspection or serialization of a client shows the key. */
  readonly #calls: RouteCaller;

  /** Throws a TypeError or RangeError that names the option at fault. */
  constructor(options: ClientOptions) {
    this.#calls = new RouteCaller(clientSettings(options));
  }

  /** Start a session. */
  createSession(body: CreateSessionInput, options?: CallOptions): Promise<Session> {
    return this.#calls.json(ROUTES.createSession, {}, { body }, options);
  }

  /** List sessions, newest first. */
  listSessions(
    query: ListSessionsQuery | undefined,
    options: ConditionalCallOptions,
  ): Promise<ConditionalReply<SessionList>>;
  listSessions(query?: ListSessionsQuery, options?: CallOptions): Promise<SessionList>;
  listSessions(
    query?: ListSessionsQuery,
    options?: ListingOptions,
  ): Promise<SessionList | ConditionalReply<SessionList>> {
    if (options?.etag === undefined) return this.#calls.json(ROUTES.listSessions, {}, { query }, options);
    return this.#calls.listing(ROUTES.listSessions, {}, query, options.etag, options);
  }

  /** Count sessions by state. */
  summarizeSessionHealth(options?: CallOptions): Promise<SessionHealthSummary> {
    return this.#calls.json(ROUTES.summarizeSessionHealth, {}, {}, options);
  }

  /** List sessions that fell silent, the longest silence first. */
  listStalledSessions(query?: ListStalledSessionsQuery, options?: CallOptions): Promise<StalledSessionList> {
    return this.#calls.json(ROUTES.listStalledSessions, {}, { query }, options);
  }

  /** List archived sessions, newest first. */
  listArchivedSessions(query?: ListArchivedSessionsQuery, options?: CallOptions): Promise<SessionList> {
    return this.#calls.json(ROUTES.listArchivedSessions, {}, { query }, options);
  }

  /** Look for stalled sessions now. */
  detectFailures(options?: CallOptions): Promise<DetectFailuresReport> {
    return this.#calls.json(ROUTES.detectFailures, {}, {}, options);
  }

  /** Delete ended sessions past their retention, with their tasks. */
  cleanupSessions(query?: CleanupSessionsQuery, options?: CallOptions): Promise<CleanupReport> {
    return this.#calls.json(ROUTES.cleanupSessions, {}, { query }, options);
  }

  /** The same as POST /api/sessions/cleanup. */
  deleteOldSessions(query?: DeleteOldSessionsQuery, options?: CallOptions): Promise<CleanupReport> {
    return this.#calls.json(ROUTES.deleteOldSessions, {}, { query }, options);
  }

  /** Read a session. */
  getSession(sessionId: string, options?: CallOptions): Promise<Session> {
    return this.#calls.json(ROUTES.getSession, { sessionId }, {}, options);
  }

  /** Change a session. */
  updateSession(sessionId: string, body: UpdateSessionInput, options?: CallOptions): Promise<Session> {
    return this.#calls.json(ROUTES.updateSession, { sessionId }, { body }, options);
  }

  /** Delete a session with its tasks. */
  deleteSession(sessionId: string, options?: CallOptions): Promise<void> {
    return this.#calls.nothing(ROUTES.deleteSession, { sessionId }, options);
  }

  /** Say that the session lives. */
  sendHeartbeat(sessionId: string, body?: SendHeartbeatInput, options?: CallOptions): Promise<Session> {
    return this.#calls.json(ROUTES.sendHeartbeat, { sessionId }, { body }, options);
  }

  /** Judge the health of a session. */
  getSessionHealth(sessionId: string, options?: CallOptions): Promise<SessionHealthReport> {
    return this.#calls.json(ROUTES.getSessionHealth, { sessionId }, {}, options);
  }

  /** End a session as failed, with its running tasks. */
  markSessionFailed(sessionId: string, body: MarkSessionFailedInput, options?: CallOptions): Promise<Session> {
    return this.#calls.json(ROUTES.markSessionFailed, { sessionId }, { body }, options);
  }

  /** Mark a session as stalled. */
  markSessionStalled(sessionId: string, body?: MarkSessionStalledInput, options?: CallOptions): Promise<Session> {
    return this.#calls.json(ROUTES.markSessionStalled, { sessionId }, { body }, options);
  }

  /** See what a recovery would pick up. */
  getRecoveryState(sessionId: string, options?: CallOptions): Promise<RecoveryState> {
    return this.#calls.json(ROUTES.getRecoveryState, { sessionId }, {}, options);
  }

  /** Note that a recovery is about to begin. */
  prepareRecovery(sessionId: string, options?: CallOptions): Promise<RecoveryState> {
    return this.#calls.json(ROUTES.prepareRecovery, { sessionId }, {}, options);
  }

  /** Continue a dead session in a new one, exactly once. */
  recoverSession(sessionId: string, body: RecoverSessionInput, options?: CallOptions): Promise<Session> {
    return this.#calls.json(ROUTES.recoverSession, { sessionId }, { body }, options);
  }

  /** Keep an ended session beyond its retention. */
  archiveSession(sessionId: string, options?: CallOptions): Promise<Session> {
    return this.#calls.json(ROUTES.archiveSession, { sessionId }, {}, options);
  }

  /** Add a task to a session. */
  createTask(body: CreateTaskInput, options?: CallOptions): Promise<Task> {
    return this.#calls.json(ROUTES.createTask, {}, { body }, options);
  }

  /** List tasks, by session and position. */
  listTasks(query: ListTasksQuery | undefined, options: ConditionalCallOptions): Promise<ConditionalReply<TaskList>>;
  listTasks(query?: ListTasksQuery, options?: CallOptions): Promise<TaskList>;
  listTasks(query?: ListTasksQuery, options?: ListingOptions): Promise<TaskList | ConditionalReply<TaskList>> {
    if (options?.etag === undefined) return this.#calls.json(ROUTES.listTasks, {}, { query }, options);
    return this.#calls.listing(ROUTES.listTasks, {}, query, options.etag, options);
  }

  /** Read a task. */
  getTask(taskId: string, options?: CallOptions): Promise<Task> {
    return this.#calls.json(ROUTES.getTask, { taskId }, {}, options);
  }

  /** Change a task, and with it its session. */
  updateTask(taskId: string, body: UpdateTaskInput, options?: CallOptions): Promise<Task> {
    return this.#calls.json(ROUTES.updateTask, { taskId }, { body }, options);
  }

  /** Delete a task. */
  deleteTask(taskId: string, options?: CallOptions): Promise<void> {
    return this.#calls.nothing(ROUTES.deleteTask, { taskId }, options);
  }

  /** Register a machine, or bring its registration up to date. */
  registerMachine(body: RegisterMachineInput, options?: CallOptions): Promise<Machine> {
    return this.#calls.json(ROUTES.registerMachine, {}, { body }, options);
  }

  /** List machines by name. */
  listMachines(
    query: ListMachinesQuery | undefined,
    options: ConditionalCallOptions,
  ): Promise<ConditionalReply<MachineList>>;
  listMachines(query?: ListMachinesQuery, options?: CallOptions): Promise<MachineList>;
  listMachines(
    query?: ListMachinesQuery,
    options?: ListingOptions,
  ): Promise<MachineList | ConditionalReply<MachineList>> {
    if (options?.etag === undefined) return this.#calls.json(ROUTES.listMachines, {}, { query }, options);
    return this.#calls.listing(ROUTES.listMachines, {}, query, options.etag, options);
  }

  /** Read a machine. */
  getMachine(machineId: string, options?: CallOptions): Promise<Machine> {
    return this.#calls.json(ROUTES.getMachine, { machineId }, {}, options);
  }

  /** Change a machine. */
  updateMachine(machineId: string, body: UpdateMachineInput, options?: CallOptions): Promise<Machine> {
    return this.#calls.json(ROUTES.updateMachine, { machineId }, { body }, options);
  }

  /** Forget a machine that has no live session. */
  deleteMachine(machineId: string, options?: CallOptions): Promise<void> {
    return this.#calls.nothing(ROUTES.deleteMachine, { machineId }, options);
  }

  /** Say that the machine lives. */
  sendMachineHeartbeat(machineId: string, options?: CallOptions): Promise<Machine> {
    return this.#calls.json(ROUTES.sendMachineHeartbeat, { machineId }, {}, options);
  }

  /** Read the success measures of a period. */
  getStats(query?: GetStatsQuery, options?: CallOptions): Promise<Stats> {
    return this.#calls.json(ROUTES.getStats, {}, { query }, options);
  }

  /** See that the service answers. */
  getHealth(options?: CallOptions): Promise<ServiceHealth> {
    return this.#calls.json(ROUTES.getHealth, {}, {}, options);
  }

  /** See that the process lives. */
  getLiveness(options?: CallOptions): Promise<ServiceHealth> {
    return this.#calls.json(ROUTES.getLiveness, {}, {}, options);
  }

  /** See that the service can serve: its database answers. */
  getReadiness(options?: CallOptions): Promise<ServiceReadiness> {
    return this.#calls.json(ROUTES.getReadiness, {}, {}, options);
  }

  /** See how each part of the service is. */
  getDetailedHealth(options?: CallOptions): Promise<DetailedHealth> {
    return this.#calls.json(ROUTES.getDetailedHealth, {}, {}, options);
  }

  /** Read the metrics in Prometheus format. */
  getMetrics(options?: CallOptions): Promise<string> {
    return this.#calls.text(ROUTES.getMetrics, {}, options);
  }

  /** Read the reference of this API. */
  getDocsPage(options?: CallOptions): Promise<string> {
    return this.#calls.text(ROUTES.getDocsPage, {}, options);
  }

  /** Read this API as an OpenAPI document. */
  getOpenApi(options?: CallOptions): Promise<OpenApiDocument> {
    return this.#calls.json(ROUTES.getOpenApi, {}, {}, options);
  }
}
