/**
 * The API of the extension `claude-projects.claude-projects`, for extensions that orchestrate agents.
 *
 * ```ts
 * const extension = vscode.extensions.getExtension<ClaudeProjectsApi>('claude-projects.claude-projects');
 * const claudeProjects = await extension?.activate();
 * ```
 *
 * No call throws because the API server is down, and none waits for the network: what you report is written to disk,
 * and delivered, in order and dated when it happened, as soon as the server can be reached.
 */

/** Shaped like the editor's `Disposable`. */
export interface Disposable {
  dispose(): void;
}

/** Shaped like the editor's `Event`. */
export type Event<T> = (listener: (value: T) => void) => Disposable;

export interface ClaudeProjectsApi {
  /** Grows when something is taken away or changes its meaning. */
  readonly apiVersion: 1;
  /** Starts a session and its heartbeat. The same project and place again gives the orchestration that runs there. */
  startOrchestration(options?: StartOrchestrationOptions): Promise<Result<Orchestration>>;
  /** What this window tracks now, however it came to be: started, resumed after a reload, or recovered. */
  readonly orchestrations: readonly Orchestration[];
  /** Also for those that were resumed after a reload of the window, and for those that were recovered. */
  readonly onDidStartOrchestration: Event<Orchestration>;
}

export interface StartOrchestrationOptions {
  /** Default: the setting, else `owner/name` of the git remote, else the name of the folder. */
  readonly projectId?: string;
  /** Default: the setting in the window's main checkout; elsewhere a slot of the folder's own, which nobody sees. */
  readonly dockerSlot?: number;
  /** Where the agent works, for example a git worktree. Default: the first folder of the window. */
  readonly folder?: string;
  /**
   * Up to 64 KiB as JSON, 8 levels deep. People see these keys, where they are texts: `title` is the name of the session,
   * `branch` and `worktree` say where it works.
   */
  readonly metadata?: Metadata;
}

export type Metadata = { readonly [key: string]: unknown };

/** Nothing is thrown at you for what you pass or for the state things are in. */
export type Result<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problem: Problem };

export type Problem =
  /** What you passed cannot be taken; nothing was recorded. */
  | { readonly code: 'invalid'; readonly message: string; readonly details: readonly FieldProblem[] }
  /** The orchestration or the task has ended. */
  | { readonly code: 'ended'; readonly message: string }
  /** Thousands of reports wait for the server already; this one was not kept. */
  | { readonly code: 'full'; readonly message: string };

export interface FieldProblem {
  /** As in `metadata.owner`. */
  readonly field: string;
  readonly message: string;
}

export type OrchestrationHealth =
  /** The server has not confirmed the session yet. */
  | 'starting'
  | 'healthy'
  /** The server cannot be reached. The work goes on; what you report waits on disk. */
  | 'degraded'
  /** The server refuses this session, for example as invalid, so nothing of it is recorded. The work goes on. */
  | 'untracked'
  | 'ended';

export type Activity = 'working' | 'waiting_for_input' | 'idle';

export interface Orchestration {
  readonly sessionId: string;
  readonly projectId: string;
  readonly health: OrchestrationHealth;
  readonly onDidChangeHealth: Event<OrchestrationHealth>;
  /** Once, whoever ended it. */
  readonly onDidEnd: Event<OrchestrationEnd>;
  /** In the order in which they were created; of a recovered one, those that are left to do. */
  readonly tasks: readonly OrchestrationTask[];
  /** Creates a task and starts it. */
  startTask(options: StartTaskOptions): Promise<Result<OrchestrationTask>>;
  /** What the agent does now. A change is told at once, and with each heartbeat from then on. */
  reportActivity(activity: Activity, detail?: string): void;
  complete(): Promise<Result<void>>;
  /** Ends the session as failed, and with it the tasks that run. */
  fail(message: string): Promise<Result<void>>;
}

export interface StartTaskOptions {
  readonly name: string;
  readonly githubIssueId?: string;
  readonly metadata?: Metadata;
}

export type TaskStatus = 'pending' | 'in_progress' | 'blocked' | 'completed' | 'failed';

export interface OrchestrationTask {
  readonly taskId: string;
  readonly name: string;
  readonly status: TaskStatus;
  /** For a task that is pending or blocked, as after a recovery. */
  start(): Promise<Result<void>>;
  complete(): Promise<Result<void>>;
  fail(message: string): Promise<Result<void>>;
  block(reason?: string): Promise<Result<void>>;
}

export type OrchestrationEnd =
  | { readonly reason: 'completed' }
  | { readonly reason: 'failed'; readonly message: string }
  /** Somebody recovered it: the work goes on in the successor. Stop yours. */
  | { readonly reason: 'recovered-elsewhere'; readonly successorSessionId: string | undefined }
  /** Somebody else ended or deleted it. Stop yours. */
  | { readonly reason: 'ended-elsewhere' }
  /** Another window of this machine took it over. Stop yours. */
  | { readonly reason: 'taken-over' }
  /** The window was closed for so long that the session counts as stalled. It can be recovered. */
  | { readonly reason: 'stalled' };
