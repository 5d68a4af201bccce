import { NotFoundError, type Session, type StateTrackingApiClient, type Task } from '@claude-projects/shared/client';
import { LIMITS, Uuid } from '@claude-projects/shared/contract';
import { failRunning } from './overlay.ts';

/** More tasks of one session than this are counted, not read. */
const MOST_PAGES = 5;
const ASK_AGAIN_AFTER_MS = 60_000;

export interface KnownTasks {
  /** In their order. */
  readonly tasks: readonly Task[];
  readonly total: number;
}

interface Kept extends KnownTasks {
  /** The session's when these were read: each change of a task that matters here touches its session. */
  readonly updatedAt: string | undefined;
  readonly etag: string | null;
}

/** Read one by one, in one reading. */
const MOST_NAMES = 5;

/** The tasks of the sessions that somebody looks into, and the names of current tasks. */
export class SessionTasks {
  readonly #kept = new Map<string, Kept>();
  /** As they were last read or learned; one that was not found may be told of late. */
  #names = new Map<string, { readonly name: string | undefined; readonly askedAt: number }>();
  #readings = 0;
  /** Replies that came while a list was read, which may be older than they; null for a task that was deleted. */
  readonly #meanwhile = new Map<string, Task | null>();

  of(sessionId: string): KnownTasks | undefined {
    return this.#kept.get(sessionId);
  }

  /** Never an id of ours. A client may call its current task whatever it likes: then that is the name. */
  currentNameOf({ session_id, current_task_id }: Session): string | undefined {
    if (current_task_id === null) return undefined;
    if (!Uuid.safeParse(current_task_id).success) return current_task_id;
    const known = this.#kept.get(session_id)?.tasks.find(({ task_id }) => task_id === current_task_id);
    return known?.task_name ?? this.#names.get(current_task_id)?.name;
  }

  isCurrent({ session_id, updated_at }: Session): boolean {
    return this.#kept.get(session_id)?.updatedAt === updated_at;
  }

  lacksNameOf(session: Session, now: number): boolean {
    const { current_task_id } = session;
    if (current_task_id === null || this.currentNameOf(session) !== undefined) return false;
    const asked = this.#names.get(current_task_id);
    return asked === undefined || now - asked.askedAt >= ASK_AGAIN_AFTER_MS;
  }

  /** A session that was just created has no tasks. */
  learnNone(sessionId: string): void {
    if (!this.#kept.has(sessionId)) {
      this.#kept.set(sessionId, { tasks: [], total: 0, updatedAt: undefined, etag: null });
    }
  }

  /** Ignores tasks of sessions whose list was never read. */
  learn(task: Task): void {
    if (this.#readings > 0) this.#meanwhile.set(task.task_id, task);
    const named = this.#names.get(task.task_id);
    if (named) this.#names.set(task.task_id, { ...named, name: task.task_name });
    const kept = this.#kept.get(task.session_id);
    if (kept) this.#kept.set(task.session_id, { ...kept, ...withTask(kept, task) });
  }

  forgetTask({ session_id, task_id }: { readonly session_id: string; readonly task_id: string }): void {
    if (this.#readings > 0) this.#meanwhile.set(task_id, null);
    const kept = this.#kept.get(session_id);
    if (kept) this.#kept.set(session_id, { ...kept, ...withoutTask(kept, task_id) });
  }

  /** When a session fails, the API fails its running tasks. */
  learnFailure({ session_id, completed_at, updated_at, error_message }: Session): void {
    const kept = this.#kept.get(session_id);
    if (!kept) return;
    const tasks = kept.tasks.map((task) => failRunning(task, completed_at ?? updated_at, error_message ?? ''));
    this.#kept.set(session_id, { ...kept, tasks });
  }

  /** Whether anything else came back than what is known. */
  async read(
    client: StateTrackingApiClient,
    sessionId: string,
    updatedAt: string | undefined,
    signal: AbortSignal,
  ): Promise<boolean> {
    this.#readings += 1;
    try {
      return await this.#read(client, sessionId, updatedAt, signal);
    } finally {
      this.#readings -= 1;
      if (this.#readings === 0) this.#meanwhile.clear();
    }
  }

  async #read(
    client: StateTrackingApiClient,
    sessionId: string,
    updatedAt: string | undefined,
    signal: AbortSignal,
  ): Promise<boolean> {
    const before = this.#kept.get(sessionId);
    const query = { session_id: sessionId, limit: LIMITS.tasksPerPage };
    const isOnePage = before !== undefined && before.tasks.length === before.total && before.total <= query.limit;
    const reply = await client.listTasks(query, { etag: isOnePage ? before.etag : null, signal });
    if (reply.notModified) {
      const kept = this.#kept.get(sessionId);
      if (kept) this.#kept.set(sessionId, { ...kept, updatedAt });
      return false;
    }
    const tasks = [...reply.data.tasks];
    for (let page = 1; page < MOST_PAGES && page * query.limit < reply.data.total; page += 1) {
      const next = await client.listTasks({ ...query, offset: page * query.limit }, { signal });
      tasks.push(...next.tasks);
    }
    let known: KnownTasks = { tasks, total: reply.data.total };
    for (const [taskId, task] of this.#meanwhile) {
      if (task === null) known = withoutTask(known, taskId);
      else if (task.session_id === sessionId) known = withTask(known, task);
    }
    this.#kept.set(sessionId, { ...known, updatedAt, etag: reply.etag });
    return true;
  }

  /**
   * One request names the current tasks of most sessions. What is not among its tasks is read by itself, a few in each
   * reading. Names of other tasks are forgotten.
   */
  async readNames(
    client: StateTrackingApiClient,
    { current, nameless, now }: { current: readonly string[]; nameless: readonly Session[]; now: number },
    signal: AbortSignal,
  ): Promise<void> {
    const { tasks } = await client.listTasks({ status: 'in_progress', limit: LIMITS.tasksPerPage }, { signal });
    const found = new Map(tasks.map(({ task_id, task_name }) => [task_id, task_name]));
    const missing = nameless.flatMap(({ current_task_id }) =>
      current_task_id === null || found.has(current_task_id) ? [] : [current_task_id],
    );
    const asked = new Set(missing.slice(0, MOST_NAMES));
    for (const taskId of asked) {
      const name = await readName(client, taskId, signal);
      if (name !== undefined) found.set(taskId, name);
    }
    const left = new Set(missing.filter((taskId) => !asked.has(taskId)));
    this.#names = new Map(
      current
        .filter((taskId) => !left.has(taskId))
        .map((taskId) => [taskId, { name: found.get(taskId) ?? this.#names.get(taskId)?.name, askedAt: now }]),
    );
  }

  forget(sessionIds: readonly string[]): void {
    for (const sessionId of sessionIds) this.#kept.delete(sessionId);
  }

  clear(): void {
    this.#kept.clear();
    this.#names.clear();
  }
}

function withTask({ tasks, total }: KnownTasks, task: Task): KnownTasks {
  if (!tasks.some(({ task_id }) => task_id === task.task_id)) return { tasks: [...tasks, task], total: total + 1 };
  return { tasks: tasks.map((known) => (known.task_id === task.task_id ? task : known)), total };
}

function withoutTask({ tasks, total }: KnownTasks, taskId: string): KnownTasks {
  const left = tasks.filter(({ task_id }) => task_id !== taskId);
  return { tasks: left, total: total - (tasks.length - left.length) };
}

/** Undefined where there is no such task, or not yet. */
async function readName(
  client: StateTrackingApiClient,
  taskId: string,
  signal: AbortSignal,
): Promise<string | undefined> {
  try {
    return (await client.getTask(taskId, { signal })).task_name;
  } catch (error) {
    if (error instanceof NotFoundError) return undefined;
    throw error;
  }
}
