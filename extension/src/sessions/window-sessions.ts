import { isDeepStrictEqual } from 'node:util';
import type { Session } from '@claude-projects/shared/client';
import type { SessionsView } from '../commands/sessions-view.ts';
import type { OwnSession, OwnSessions } from '../lifecycle/own-session.ts';
import { type Disposable, Disposables } from '../platform/disposable.ts';
import { Emitter, type Event } from '../platform/emitter.ts';
import { errorText } from '../platform/error-text.ts';
import type { Log } from '../platform/log.ts';
import { healthAt, type Vitals } from './health.ts';
import { type Learned, sessionIdOf } from './learned.ts';
import { type Overlaid, overlay, overlaySession } from './overlay.ts';
import { newestFirst } from './session-book.ts';
import { changesOf, isAnything, type SessionChanges } from './session-changes.ts';
import type { SessionStore, StoreStatus } from './session-store.ts';
import type { KnownTasks } from './session-tasks.ts';

export interface WindowSessionsParts {
  readonly store: SessionStore;
  readonly lifecycle: OwnSessions;
  readonly log: Log;
}

interface Merged {
  readonly read: readonly Session[];
  readonly own: readonly Session[];
  readonly all: readonly Session[];
}

/**
 * The sessions as this window knows them: the last reading of the API, with the recorded changes of this window applied.
 * A session that did not change stays the same object.
 */
export class WindowSessions implements SessionsView, Disposable {
  readonly #parts: WindowSessionsParts;
  readonly #owned = new Disposables();
  readonly #changed: Emitter<SessionChanges>;
  /** Own sessions, as listeners last got them. */
  readonly #own = new Map<string, Overlaid>();
  #merged: Merged = { read: [], own: [], all: [] };
  readonly #beingRead = new Set<string>();

  constructor(parts: WindowSessionsParts) {
    this.#parts = parts;
    const { store, lifecycle, log } = parts;
    this.#changed = this.#owned.add(new Emitter((error) => log.error(`A listener failed: ${errorText(error)}`)));
    this.#owned.add(store.onDidChangeSessions((changes) => this.#update(changes)));
    this.#owned.add(lifecycle.onDidChangeOwn((sessionId) => this.#update(changesOf({}), sessionId)));
    this.#owned.add(
      lifecycle.onDidLearn((learned) => {
        // A reply to a heartbeat is news only if the session was stalled.
        if (learned.kind === 'heartbeat' && store.find(sessionIdOf(learned))?.health !== 'stalled') return;
        store.learn(learned);
        // A change has left the outbox, so compare again.
        this.#update(changesOf({}), sessionIdOf(learned));
      }),
    );
  }

  /** The newest first. */
  all(): readonly Session[] {
    const read = this.#parts.store.all();
    if (this.#own.size === 0) return read;
    const own = [...this.#own.keys()].flatMap((sessionId) => this.#ownAsOfNow(sessionId) ?? []);
    const before = this.#merged;
    const isSame = before.read === read && before.own.length === own.length;
    if (isSame && own.every((session, index) => session === before.own[index])) return before.all;
    this.#merged = { read, own, all: merged(read, own) };
    return this.#merged.all;
  }

  find(sessionId: string): Session | undefined {
    return this.#ownAsOfNow(sessionId) ?? this.#parts.store.find(sessionId);
  }

  healthOf(session: Session): Session['health'] {
    return healthAt(session, this.vitals);
  }

  /** Undefined until the tasks are read, except for own sessions. */
  tasksOf(sessionId: string): KnownTasks | undefined {
    return this.#own.get(sessionId)?.tasks ?? this.#parts.store.tasksOf(sessionId);
  }

  currentTaskNameOf(session: Session): string | undefined {
    const { current_task_id, session_id } = session;
    const own = this.#own.get(session_id)?.tasks.tasks.find(({ task_id }) => task_id === current_task_id);
    return own?.task_name ?? this.#parts.store.currentTaskNameOf(session);
  }

  /** Returns the tasks of an own session without waiting for the API, and reads their details in the background. */
  async loadTasks(sessionId: string): Promise<KnownTasks> {
    const { store } = this.#parts;
    const own = this.#own.get(sessionId);
    if (own === undefined) return store.loadTasks(sessionId);
    if (store.tasksOf(sessionId) === undefined) this.#readInBackground(sessionId);
    return own.tasks;
  }

  watchTasks(sessionId: string): void {
    this.#parts.store.watchTasks(sessionId);
  }

  unwatchTasks(sessionId: string): void {
    this.#parts.store.unwatchTasks(sessionId);
  }

  poll(): Promise<void> {
    return this.#parts.store.poll();
  }

  refresh(): Promise<void> {
    return this.#parts.store.refresh();
  }

  loadMore(): Promise<void> {
    return this.#parts.store.loadMore();
  }

  learn(learned: Learned): void {
    this.#parts.store.learn(learned);
  }

  get wasRead(): boolean {
    return this.status.readAt !== undefined;
  }

  get status(): StoreStatus {
    return this.#parts.store.status;
  }

  get hasMore(): boolean {
    return this.#parts.store.hasMore;
  }

  get vitals(): Vitals {
    return this.#parts.store.vitals;
  }

  readonly onDidChange: Event<void> = (listener) => this.#changed.event(() => listener());

  /** Names what changed. */
  get onDidChangeSessions(): Event<SessionChanges> {
    return this.#changed.event;
  }

  dispose(): void {
    this.#owned.dispose();
  }

  /** Returns the object that listeners have if nothing differs. */
  #ownAsOfNow(sessionId: string): Session | undefined {
    const known = this.#own.get(sessionId);
    const own = known && this.#parts.lifecycle.ownSession(sessionId);
    return own && same(known.session, overlaySession(this.#parts.store.find(sessionId), own, this.vitals.now));
  }

  #overlaid(sessionId: string, own: OwnSession): Overlaid {
    const { store } = this.#parts;
    const read = { session: store.find(sessionId), tasks: store.tasksOf(sessionId) };
    const known = this.#own.get(sessionId);
    const { session, tasks } = overlay(read, own, this.vitals.now);
    return { session: same(known?.session, session), tasks: same(known?.tasks, tasks) };
  }

  /** Finds the changes of own sessions by comparison; passes on the changes of others. */
  #update(read: SessionChanges, sessionId?: string): void {
    const { lifecycle } = this.#parts;
    const touched = new Set([...read.added, ...read.changed, ...read.removed, ...read.tasks]);
    if (sessionId !== undefined) touched.add(sessionId);
    const own = [...touched].filter((id) => this.#own.has(id) || lifecycle.ownSession(id) !== undefined);
    const changes = own.map((id) => this.#compare(id, read));
    const rest = without(read, new Set(own));
    const all = {
      added: [...rest.added, ...changes.flatMap(({ added }) => added)],
      changed: [...rest.changed, ...changes.flatMap(({ changed }) => changed)],
      removed: [...rest.removed, ...changes.flatMap(({ removed }) => removed)],
      tasks: [...rest.tasks, ...changes.flatMap(({ tasks }) => tasks)],
      status: read.status,
    };
    if (isAnything(all)) this.#changed.fire(all);
  }

  #compare(id: string, changes: SessionChanges): SessionChanges {
    const { lifecycle, store } = this.#parts;
    const read = store.find(id);
    const before = this.#own.get(id);
    const own = lifecycle.ownSession(id);
    const after = own && this.#overlaid(id, own);
    if (after) this.#own.set(id, after);
    else this.#own.delete(id);
    const was = before?.session ?? (changes.added.includes(id) ? undefined : read);
    const is = after?.session ?? read;
    const wasThere = was !== undefined || changes.removed.includes(id);
    return changesOf({
      added: !wasThere && is ? [id] : [],
      changed: wasThere && is && was !== is ? [id] : [],
      removed: wasThere && !is ? [id] : [],
      tasks: changes.tasks.includes(id) || before?.tasks !== after?.tasks ? [id] : [],
    });
  }

  #readInBackground(sessionId: string): void {
    if (this.#beingRead.has(sessionId)) return;
    this.#beingRead.add(sessionId);
    this.#parts.store
      .loadTasks(sessionId)
      .catch((error: unknown) => this.#parts.log.debug(`Reading tasks failed: ${errorText(error)}`))
      .finally(() => this.#beingRead.delete(sessionId));
  }
}

function same<T>(before: T | undefined, after: T): T {
  return before !== undefined && isDeepStrictEqual(before, after) ? before : after;
}

function without({ added, changed, removed, tasks, status }: SessionChanges, ids: ReadonlySet<string>): SessionChanges {
  const isOther = (id: string) => !ids.has(id);
  return {
    added: added.filter(isOther),
    changed: changed.filter(isOther),
    removed: removed.filter(isOther),
    tasks: tasks.filter(isOther),
    status,
  };
}

function merged(read: readonly Session[], own: readonly Session[]): readonly Session[] {
  const byId = new Map(own.map((session) => [session.session_id, session]));
  const known = read.map((session) => {
    const mine = byId.get(session.session_id);
    byId.delete(session.session_id);
    return mine ?? session;
  });
  if (byId.size === 0) return known;
  return [...known, ...byId.values()].sort(newestFirst);
}
