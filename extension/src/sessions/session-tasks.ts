import type { StateTrackingApiClient } from '@claude-projects/shared/client';
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

/** The tasks of the sessions that somebody looks into, and the names of those that run. */
export class SessionTasks {
  readonly #kept = new Map<string, Kept>();
  /** A task never changes its name; one that was not found may be told of late. */
  #names = new Map<string, { readonly name: string | undefined; readonly askedAt: number }>();

  of(sessionId: string): KnownTasks | undefined {
    return this.#kept.get(sessionId);
  }

  currentNameOf({ session_id, current_task_id }: Session): string | undefined {
    if (current_task_id === null) return undefined;
    const known = this.#kept.get(session_id)?.tasks.find(({ task_id }) => task_id === current_task_id);
    return known?.task_name ?? this.#names.get(current_task_id)?.name;
  }

  isCurrent({ session_id, updated_at }: Session): boolean {
    return this.#kept.get(session_id)?.updatedAt === updated_at;
  }

  lacksNameOf(session: Session, now: number): boolean {
    const { status, current_task_id } = session;
    if (current_task_id === null || (status !== 'active' && status !== 'paused')) return false;
    // A client may call its current task whatever it likes.
    if (this.currentNameOf(session) !== undefined || !Uuid.safeParse(current_task_id).success) return false;
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

  /** One request names the current tasks of all sessions; other names are forgotten. */
  async readNames(
    client: StateTrackingApiClient,
    current: readonly string[],
    now: number,
    signal: AbortSignal,
  ): Promise<void> {
    const { tasks } = await client.listTasks({ status: 'in_progress', limit: LIMITS.tasksPerPage }, { signal });
    const running = new Map(tasks.map(({ task_id, task_name }) => [task_id, task_name]));
    this.#names = new Map(
      current.map((taskId) => [taskId, { name: running.get(taskId) ?? this.#names.get(taskId)?.name, askedAt: now }]),
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
