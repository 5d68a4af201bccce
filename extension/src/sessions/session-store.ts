import { AbortedError, type Session, type StateTrackingApiClient } from '@claude-projects/shared/client';
import { DEFAULTS } from '@claude-projects/shared/contract';
import type { ApiAddress, Connection } from '../connection/connection.ts';
import { requestedWaitMs } from '../connection/requested-wait.ts';
import type { Clock } from '../platform/clock.ts';
import { type Disposable, Disposables } from '../platform/disposable.ts';
import { Emitter, type Event } from '../platform/emitter.ts';
import { errorText } from '../platform/error-text.ts';
import type { Log } from '../platform/log.ts';
import { isRunning, isSilent, matters, type Vitals } from './health.ts';
import { type Learned, sessionIdOf } from './learned.ts';
import { fitsOnePage, newestOf, type Reading, readAll, readChanges } from './read-sessions.ts';
import { ServerTime } from './server-time.ts';
import { type BookChanges, SessionBook } from './session-book.ts';
import { changesOf, isAnything, type SessionChanges } from './session-changes.ts';
import { SessionPages } from './session-pages.ts';
import { type KnownTasks, SessionTasks } from './session-tasks.ts';
import { WatchedTasks } from './watched-tasks.ts';

export interface SessionStoreParts {
  readonly connection: Connection;
  readonly clock: Pick<Clock, 'now'>;
  readonly log: Log;
}

/** Where sessions do not fit on one page: how often all of it is read again, which is how deleted ones are found. */
export const READ_ALL_EVERY_MS = 5 * 60_000;
/** Commands that follow each other closely share one reading of everything. */
export const READ_ALL_AT_MOST_EVERY_MS = 5000;
/** Also after a failed reading: a server that was away may have been restarted with another stall threshold. */
const READ_THRESHOLD_EVERY_MS = 5 * 60_000;

/** How the readings fare. */
export interface StoreStatus {
  /** When the last one that succeeded ended; undefined before the first. */
  readonly readAt: number | undefined;
  /** Failed ones since. */
  readonly failures: number;
  /** The API asked for a pause. */
  readonly notBefore: number;
}

/**
 * The sessions as the API was last read to say. While the API is away, what was read last stays. Reads nothing by
 * itself: the poller does.
 */
export class SessionStore implements Disposable {
  readonly #parts: SessionStoreParts;
  readonly #owned = new Disposables();
  readonly #ended = new AbortController();
  readonly #changed: Emitter<SessionChanges>;
  readonly #learned: Emitter<void>;
  readonly #pages = new SessionPages();
  #book = new SessionBook();
  readonly #tasks = new SessionTasks();
  readonly #watched = new WatchedTasks(this.#tasks);
  #status: StoreStatus = { readAt: undefined, failures: 0, notBefore: 0 };
  #reading: Promise<void> | undefined;
  #next: Promise<void> | undefined;
  #nextWhat: 'changes' | 'all' = 'changes';
  /** Replies that came during a reading, which may be older than they. Undefined: the session was deleted. */
  readonly #meanwhile = new Map<string, Session | undefined>();
  /** Which server the sessions are of. */
  #server: string | undefined;
  #total = 0;
  #loadedPages = 1;
  #hasMore = false;
  #newest: string | undefined;
  #horizon: string | undefined;
  #readAllAt = Number.NEGATIVE_INFINITY;
  #owesAll = true;
  #stallThreshold: { readonly ms: number; readonly readAt: number } | undefined;
  readonly #serverTime: ServerTime;
  #toldOfCut = false;

  constructor(parts: SessionStoreParts) {
    this.#parts = parts;
    this.#serverTime = new ServerTime(parts.clock);
    const emitter = <T>() =>
      this.#owned.add(new Emitter<T>((error) => parts.log.error(`A listener failed: ${errorText(error)}`)));
    this.#changed = emitter();
    this.#learned = emitter();
    this.#owned.add(parts.connection.onDidChange(() => this.#followServer()));
  }

  /** The newest first. */
  all(): readonly Session[] {
    return this.#book.all();
  }

  find(sessionId: string): Session | undefined {
    return this.#book.find(sessionId);
  }

  /** Names what changed. */
  get onDidChangeSessions(): Event<SessionChanges> {
    return this.#changed.event;
  }

  /** The API took a change. The reply may not describe all that it changed. */
  get onDidLearn(): Event<void> {
    return this.#learned.event;
  }

  get status(): StoreStatus {
    return this.#status;
  }

  /** Whether there are sessions beyond the loaded ones. */
  get hasMore(): boolean {
    return this.#hasMore;
  }

  get vitals(): Vitals {
    return {
      now: this.#serverTime.now(),
      stallThresholdMs: this.#stallThreshold?.ms ?? DEFAULTS.stallThresholdMs,
    };
  }

  get isAnythingRunning(): boolean {
    return this.all().some(isRunning);
  }

  /** Undefined until they were read. */
  tasksOf(sessionId: string): KnownTasks | undefined {
    return this.#tasks.of(sessionId);
  }

  /** Undefined where it is not known, or is called something else than a task. */
  currentTaskNameOf(session: Session): string | undefined {
    return this.#tasks.currentNameOf(session);
  }

  /** Reads what may have changed. Never rejects. */
  poll(): Promise<void> {
    return this.#next ?? this.#reading ?? this.#read('changes');
  }

  /** Reads the changes until now. A reading that is under way may have missed some. Never rejects. */
  catchUp(): Promise<void> {
    return this.#readNext('changes');
  }

  /**
   * Reads anew, also what was deleted. Never rejects. Callers share one reading that begins after their call, so that
   * what they changed themselves is in it.
   */
  refresh(): Promise<void> {
    return this.#readNext('all');
  }

  /** Takes a reply into the store without waiting for the next reading. */
  learn(learned: Learned): void {
    this.#followServer();
    this.#tell(changesOf(this.#takeLearned(learned)));
    if (learned.kind !== 'heartbeat') this.#learned.fire();
  }

  async loadMore(): Promise<void> {
    if (!this.#hasMore) return;
    this.#loadedPages += 1;
    this.#owesAll = true;
    await this.refresh();
  }

  /** Reads the tasks of a session unless they are known as they are. Rejects with an `ApiError`. */
  async loadTasks(sessionId: string): Promise<KnownTasks> {
    const session = this.find(sessionId);
    const known = this.tasksOf(sessionId);
    if (known && session && this.#tasks.isCurrent(session)) return known;
    const server = this.#server;
    const isNew = await this.#call((client, signal) =>
      this.#tasks.read(client, sessionId, session?.updated_at, signal),
    );
    if (server !== this.#server) this.#tasks.forget([sessionId]);
    else if (isNew) this.#tell(changesOf({ tasks: [sessionId] }));
    return this.tasksOf(sessionId) ?? { tasks: [], total: 0 };
  }

  /** While somebody looks into a session its tasks are kept up to date with it. */
  watchTasks(sessionId: string): void {
    this.#watched.watch(sessionId);
  }

  unwatchTasks(sessionId: string): void {
    this.#watched.unwatch(sessionId);
  }

  dispose(): void {
    this.#ended.abort();
    this.#owned.dispose();
  }

  #readNext(what: 'changes' | 'all'): Promise<void> {
    if (this.#next === undefined && this.#reading === undefined) return this.#read(what);
    if (what === 'all') this.#nextWhat = 'all';
    this.#next ??= this.#readAfter(this.#reading);
    return this.#next;
  }

  async #readAfter(reading: Promise<void> | undefined): Promise<void> {
    await reading;
    const what = this.#nextWhat;
    this.#next = undefined;
    this.#nextWhat = 'changes';
    await this.#read(what);
  }

  #takeLearned(learned: Learned): Partial<SessionChanges> {
    switch (learned.kind) {
      case 'task':
        this.#tasks.learn(learned.task);
        return { tasks: [sessionIdOf(learned)] };
      case 'deleted-task': {
        this.#tasks.forgetTask(learned);
        const session = this.find(learned.session_id);
        const changes =
          session?.current_task_id === learned.task_id ? this.#takeNow([{ ...session, current_task_id: null }]) : {};
        return { ...changes, tasks: [learned.session_id] };
      }
      case 'deleted-session':
        return this.#takeNow([], sessionIdOf(learned));
      case 'new-session':
        this.#tasks.learnNone(sessionIdOf(learned));
        return this.#takeNow([learned.session]);
      case 'session':
      case 'heartbeat': {
        const { session } = learned;
        if (session.status === 'failed') this.#tasks.learnFailure(session);
        const changes = this.#takeNow([session, ...this.#recoveredBy(session)]);
        return { ...changes, tasks: session.status === 'failed' ? [session.session_id] : [] };
      }
      default:
        return learned satisfies never;
    }
  }

  /** The original of a successor, marked as recovered. */
  #recoveredBy({ session_id, recovered_from }: Session): readonly Session[] {
    const original = recovered_from === null ? undefined : this.find(recovered_from);
    if (original === undefined || original.recovered_by !== null) return [];
    return [{ ...original, status: 'completed', health: 'ended', current_task_id: null, recovered_by: session_id }];
  }

  #takeNow(sessions: readonly Session[], deleted?: string): BookChanges {
    if (this.#reading) {
      for (const session of sessions) this.#meanwhile.set(session.session_id, session);
      if (deleted !== undefined) this.#meanwhile.set(deleted, undefined);
    }
    this.#serverTime.learn(newestOf(sessions, undefined));
    return this.#keep(sessions, ({ session_id }) => session_id !== deleted);
  }

  /** Drops what lies beyond the loaded pages, unless it runs or needs somebody. */
  #keep(sessions: readonly Session[], isThere: (session: Session) => boolean): BookChanges {
    const horizon = this.#horizon;
    const changes = this.#book.take(
      sessions,
      (session) => isThere(session) && (horizon === undefined || session.created_at >= horizon || matters(session)),
    );
    this.#tasks.forget(changes.removed);
    for (const sessionId of changes.removed) this.#watched.unwatch(sessionId);
    return changes;
  }

  #read(what: 'changes' | 'all'): Promise<void> {
    this.#meanwhile.clear();
    const reading = this.#carryOut(what).finally(() => {
      this.#reading = undefined;
    });
    this.#reading = reading;
    return reading;
  }

  async #carryOut(what: 'changes' | 'all'): Promise<void> {
    const before = this.#statusLine();
    let changes = changesOf({});
    try {
      const { reading, stallThreshold, server } = await this.#call(async (client, signal) => {
        this.#followServer();
        const server = this.#server;
        const stallThreshold = await this.#readStallThreshold(client, signal);
        return { reading: await this.#readSessions(client, what, signal), stallThreshold, server };
      });
      // Of a server that was left while it answered.
      if (server !== this.#server) return;
      this.#stallThreshold = stallThreshold;
      changes = changesOf(this.#take(reading));
      this.#status = { readAt: this.#parts.clock.now(), failures: 0, notBefore: 0 };
    } catch (error) {
      if (this.#ended.signal.aborted || error instanceof AbortedError) return;
      this.#fail(error);
    }
    this.#tell({ ...changes, status: before !== this.#statusLine() });
    if (this.#status.failures === 0) await this.#readTasks();
  }

  async #readStallThreshold(client: StateTrackingApiClient, signal: AbortSignal) {
    const now = this.#parts.clock.now();
    const known = this.#stallThreshold;
    const isCurrent = known && Math.abs(now - known.readAt) < READ_THRESHOLD_EVERY_MS;
    if (isCurrent && this.#status.failures === 0) return known;
    const { stall_threshold_ms } = await client.listStalledSessions({ limit: 1 }, { signal });
    return { ms: stall_threshold_ms, readAt: now };
  }

  async #readSessions(client: StateTrackingApiClient, what: 'changes' | 'all', signal: AbortSignal): Promise<Reading> {
    const newest = this.#newest;
    if (newest === undefined || this.#mustReadAll(what)) {
      return readAll(client, this.#pages, { pages: this.#loadedPages, newest }, signal);
    }
    const silentBeside = (changed: readonly Session[]) => {
      const latest = new Map([...this.all(), ...changed].map((session) => [session.session_id, session]));
      const { vitals } = this;
      const silent = [...latest.values()].filter((session) => isSilent(session, vitals));
      return new Set(silent.flatMap(({ status }) => (status === 'unknown' ? [] : [status])));
    };
    return readChanges(client, this.#pages, { newest, silentBeside }, signal);
  }

  #mustReadAll(what: 'changes' | 'all'): boolean {
    if (this.#owesAll || fitsOnePage(this.#total)) return true;
    // Also if somebody has set the clock back.
    const sinceMs = Math.abs(this.#parts.clock.now() - this.#readAllAt);
    if (what === 'all' && sinceMs < READ_ALL_AT_MOST_EVERY_MS) this.#owesAll = true;
    return sinceMs >= (what === 'all' ? READ_ALL_AT_MOST_EVERY_MS : READ_ALL_EVERY_MS);
  }

  #take(reading: Reading): Partial<SessionChanges> {
    const { sessions, total, complete, cut } = reading;
    if (total !== undefined) {
      this.#total = total;
      this.#horizon = reading.horizon;
      this.#hasMore = reading.horizon !== undefined;
      this.#readAllAt = this.#parts.clock.now();
      this.#owesAll = false;
    }
    if (cut) this.#noteCut(total !== undefined);
    this.#newest = reading.newest || undefined;
    this.#serverTime.learn(newestOf(sessions, reading.newest));
    const found = new Set([...sessions.map(({ session_id }) => session_id), ...this.#meanwhile.keys()]);
    return this.#keep(
      sessions.filter(({ session_id }) => !this.#meanwhile.has(session_id)),
      ({ session_id }) => !complete || found.has(session_id),
    );
  }

  #noteCut(isOfAll: boolean): void {
    // Too much has changed to be read as changes.
    if (!isOfAll) this.#owesAll = true;
    else if (!this.#toldOfCut) {
      this.#toldOfCut = true;
      this.#parts.log.warn('There are more sessions that run or need attention than are ever read.');
    }
  }

  /** After the sessions, so that they are shown even if this fails. */
  async #readTasks(): Promise<void> {
    const due = this.#watched.take(this.#book, this.#parts.clock.now());
    if (due === undefined) return;
    const told = new Set<string>();
    try {
      await this.#call((client, signal) => this.#watched.read(client, due, signal, (sessionId) => told.add(sessionId)));
    } catch (error) {
      if (!this.#ended.signal.aborted) this.#parts.log.debug(`Reading tasks failed: ${errorText(error)}`);
    }
    this.#tell(changesOf({ tasks: [...told] }));
  }

  #fail(error: unknown): void {
    const { clock, log } = this.#parts;
    const { readAt, failures } = this.#status;
    this.#status = { readAt, failures: failures + 1, notBefore: clock.now() + requestedWaitMs(error) };
    log.debug(`Reading the sessions failed: ${errorText(error)}`);
  }

  /** Another server has other sessions. Until it answers for the first time nothing is known of them. */
  #followServer(): void {
    const { address } = this.#parts.connection;
    if (address === undefined) return;
    const server = serverOf(address);
    if (server === this.#server) return;
    const isFirst = this.#server === undefined;
    this.#server = server;
    if (isFirst) return;
    const removed = this.all().map(({ session_id }) => session_id);
    this.#book = new SessionBook();
    this.#pages.clear();
    this.#tasks.clear();
    this.#watched.clear();
    this.#status = { readAt: undefined, failures: 0, notBefore: 0 };
    this.#total = 0;
    this.#loadedPages = 1;
    this.#hasMore = false;
    this.#newest = undefined;
    this.#horizon = undefined;
    this.#owesAll = true;
    this.#stallThreshold = undefined;
    this.#serverTime.reset();
    this.#tell(changesOf({ removed, status: true }));
  }

  #statusLine(): string {
    return `${this.#status.readAt !== undefined} ${this.#status.failures > 0} ${this.#hasMore}`;
  }

  #tell(changes: SessionChanges): void {
    if (isAnything(changes) && !this.#ended.signal.aborted) this.#changed.fire(changes);
  }

  #call<T>(run: (client: StateTrackingApiClient, signal: AbortSignal) => Promise<T>): Promise<T> {
    return this.#parts.connection.call(run, this.#ended.signal);
  }
}

/** A local server that was started again is at another port, and has the sessions it had. */
function serverOf({ mode, baseUrl }: ApiAddress): string {
  return mode === 'local' ? mode : `${mode} ${baseUrl}`;
}
