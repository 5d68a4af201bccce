import { NotFoundError, type StateTrackingApiClient } from '@claude-projects/shared/client';
import { LIMITS, type Session, type Task, Uuid } from '@claude-projects/shared/contract';

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
  /** A task never changes its name; one that was not found may be told of late. */
  #names = new Map<string, { readonly name: string | undefined; readonly askedAt: number }>();

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

  /** Whether anything else came back than what is known. */
  async read(
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
      if (before) this.#kept.set(sessionId, { ...before, updatedAt });
      return false;
    }
    const tasks = [...reply.data.tasks];
    for (let page = 1; page < MOST_PAGES && page * query.limit < reply.data.total; page += 1) {
      const next = await client.listTasks({ ...query, offset: page * query.limit }, { signal });
      tasks.push(...next.tasks);
    }
    this.#kept.set(sessionId, { tasks, total: reply.data.total, updatedAt, etag: reply.etag });
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
