import type { Session, StateTrackingApiClient } from '@claude-projects/shared/client';
import type { SessionTasks } from './session-tasks.ts';

/** Of sessions that somebody looks into, in one reading. */
const MOST_READINGS = 5;

export interface KnownSessions {
  all(): readonly Session[];
  find(sessionId: string): Session | undefined;
}

/** What a reading would be about. */
export interface DueTasks {
  /** Somebody looks into them, and their tasks have changed. */
  readonly stale: readonly Session[];
  /** The name of their current task is not known. */
  readonly nameless: readonly Session[];
  /** The ids of all current tasks. */
  readonly current: readonly string[];
  readonly now: number;
}

/** Keeps the tasks of sessions that somebody looks into up to date, and the names of the tasks that run. */
export class WatchedTasks {
  readonly #tasks: SessionTasks;
  readonly #watched = new Set<string>();

  constructor(tasks: SessionTasks) {
    this.#tasks = tasks;
  }

  watch(sessionId: string): void {
    this.#watched.add(sessionId);
  }

  unwatch(sessionId: string): void {
    this.#watched.delete(sessionId);
  }

  clear(): void {
    this.#watched.clear();
  }

  /** Undefined where all is known. Whoever is named has had its turn, and goes to the end of the line. */
  take(sessions: KnownSessions, now: number): DueTasks | undefined {
    const stale = [...this.#watched]
      .flatMap((sessionId) => sessions.find(sessionId) ?? [])
      .filter((session) => !this.#tasks.isCurrent(session))
      .slice(0, MOST_READINGS);
    for (const { session_id } of stale) {
      this.#watched.delete(session_id);
      this.#watched.add(session_id);
    }
    const all = sessions.all();
    const nameless = all.filter((session) => this.#tasks.lacksNameOf(session, now));
    if (stale.length + nameless.length === 0) return undefined;
    return { stale, nameless, current: all.flatMap(({ current_task_id }) => current_task_id ?? []), now };
  }

  /** Tells at once of each session of which something was learned: the next request may fail. */
  async read(
    client: StateTrackingApiClient,
    { stale, nameless, current, now }: DueTasks,
    signal: AbortSignal,
    learned: (sessionId: string) => void,
  ): Promise<void> {
    for (const { session_id, updated_at } of stale) {
      if (await this.#tasks.read(client, session_id, updated_at, signal)) learned(session_id);
    }
    if (nameless.length === 0) return;
    await this.#tasks.readNames(client, { current, nameless, now }, signal);
    for (const session of nameless) if (this.#tasks.currentNameOf(session)) learned(session.session_id);
  }
}
