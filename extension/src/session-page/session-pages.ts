import { ApiError, type Session } from '@claude-projects/shared/client';
import * as z from 'zod/mini';
import type { Connection } from '../connection/connection.ts';
import type { Lifecycle } from '../lifecycle/lifecycle.ts';
import type { RunCommand } from '../notifications/notifier.ts';
import type { Clock } from '../platform/clock.ts';
import { type Disposable, Disposables } from '../platform/disposable.ts';
import type { Event } from '../platform/emitter.ts';
import { errorText } from '../platform/error-text.ts';
import type { Localize } from '../platform/localize.ts';
import type { Log } from '../platform/log.ts';
import { type ClaudeSessions, knownOfLive } from '../sessions/claude-facts.ts';
import type { SessionLabels } from '../sessions/session-labels.ts';
import type { SessionStore } from '../sessions/session-store.ts';
import { PAGE_COMMANDS, type SessionPage, sessionPage } from './session-page.ts';

/** One panel of the editor. */
export interface PagePanel extends Disposable {
  readonly isVisible: boolean;
  /** The whole page at first, then the parts of it that changed. */
  draw(page: SessionPage): void;
  reveal(): void;
  readonly onDidChangeVisibility: Event<void>;
  /** A message from the script of the page. */
  readonly onDidReceive: Event<unknown>;
  readonly onDidClose: Event<void>;
}

export interface SessionPagesParts {
  readonly store: Pick<
    SessionStore,
    'find' | 'poll' | 'status' | 'tasksOf' | 'loadTasks' | 'vitals' | 'onDidChangeSessions'
  >;
  readonly labels: Pick<SessionLabels, 'labelOf' | 'currentTaskNameOf'>;
  readonly claude: ClaudeSessions;
  readonly connection: Pick<Connection, 'call'>;
  readonly lifecycle: Pick<Lifecycle, 'trackers' | 'onDidStart' | 'onDidChange'>;
  readonly clock: Clock;
  readonly run: RunCommand;
  readonly localize: Localize;
  readonly locale: string;
  readonly log: Log;
  /** Fires with whether any page is visible. While one is, the sessions are read as for the view. */
  readonly onDidShow: (isAnyVisible: boolean) => void;
}

const REDRAW_MS = 15_000;
/** What is known of a session of Claude Code may change with each tool that it uses. */
export const GATHER_FACTS_MS = 500;

const Request = z.object({ command: z.enum(PAGE_COMMANDS), sessionId: z.string() });

interface OpenPage {
  readonly panel: PagePanel;
  readonly owned: Disposables;
  /** The last reading, because the store may not hold the session. */
  session: Session;
  problem: string | undefined;
  reading: boolean;
  mustReadAgain: boolean;
}

/** The pages of sessions that are open: one for each session, kept up to date while it is open. */
export class SessionPages implements Disposable {
  readonly #parts: SessionPagesParts;
  readonly #pages = new Map<string, OpenPage>();
  readonly #owned = new Disposables();
  readonly #ended = new AbortController();
  #timer: Disposable | undefined;
  #gatheringFacts: Disposable | undefined;

  constructor(parts: SessionPagesParts) {
    this.#parts = parts;
    const { store, claude, lifecycle } = parts;
    this.#owned.add(
      store.onDidChangeSessions(({ added, changed, removed, tasks, status }) => {
        this.#follow(new Set([...added, ...changed, ...removed, ...tasks]), status);
      }),
    );
    this.#owned.add(claude.onDidChange(() => this.#drawFacts()));
    this.#owned.add(lifecycle.onDidStart(() => this.#drawAll()));
    this.#owned.add(lifecycle.onDidChange(() => this.#drawAll()));
  }

  /** Shows the page that is open, or opens one in a new panel. */
  show(session: Session, openPanel: () => PagePanel): void {
    const open = this.#pages.get(session.session_id);
    if (open) {
      open.session = session;
      open.panel.reveal();
      this.#draw(open);
    } else this.#open(session, openPanel());
  }

  /** After a reload of the window. Closes the panel if its session cannot be read. */
  async restore(sessionId: string, panel: PagePanel): Promise<void> {
    const { log } = this.#parts;
    let isClosed = false;
    const closing = panel.onDidClose(() => {
      isClosed = true;
    });
    try {
      const session = await this.#find(sessionId);
      if (isClosed) return;
      if (this.#pages.has(sessionId)) panel.dispose();
      else this.#open(session, panel);
    } catch (error) {
      log.info(`The page of session ${sessionId} is closed: ${errorText(error)}`);
      panel.dispose();
    } finally {
      closing.dispose();
    }
  }

  dispose(): void {
    this.#ended.abort();
    this.#timer?.dispose();
    this.#gatheringFacts?.dispose();
    this.#owned.dispose();
    // Panels stay open: the window that opens next restores them.
    for (const { owned } of this.#pages.values()) owned.dispose();
    this.#pages.clear();
  }

  #open(session: Session, panel: PagePanel): void {
    const { session_id } = session;
    const owned = new Disposables();
    const page = { panel, owned, session, problem: undefined, reading: false, mustReadAgain: false };
    this.#pages.set(session_id, page);
    owned.add(panel.onDidReceive((message) => this.#receive(message)));
    owned.add(
      panel.onDidChangeVisibility(() => {
        if (panel.isVisible) this.#draw(page);
        this.#plan();
      }),
    );
    owned.add(
      panel.onDidClose(() => {
        owned.dispose();
        this.#pages.delete(session_id);
        this.#plan();
      }),
    );
    this.#draw(page);
    void this.#read(page);
    // The store may be as old as its last reading.
    void this.#parts.store.poll();
    this.#plan();
  }

  #receive(message: unknown): void {
    const request = Request.safeParse(message);
    if (!request.success) return;
    const { run, log } = this.#parts;
    const { command, sessionId } = request.data;
    void run(command, sessionId).catch((error: unknown) => log.error(`${command}: ${errorText(error)}`));
  }

  #follow(sessionIds: ReadonlySet<string>, mayBeBack: boolean): void {
    for (const [sessionId, page] of this.#pages) {
      const { recovered_from, recovered_by } = page.session;
      if (sessionIds.has(sessionId) || (mayBeBack && page.problem !== undefined)) void this.#read(page);
      else if (mayBeBack || [recovered_from, recovered_by].some((id) => id !== null && sessionIds.has(id)))
        this.#draw(page);
    }
  }

  /** One reading of a page at a time; what changes meanwhile is read afterwards. */
  async #read(page: OpenPage): Promise<void> {
    page.mustReadAgain = true;
    if (page.reading) return;
    page.reading = true;
    while (page.mustReadAgain && !this.#ended.signal.aborted) {
      page.mustReadAgain = false;
      await this.#readOnce(page);
      this.#draw(page);
    }
    page.reading = false;
  }

  async #readOnce(page: OpenPage): Promise<void> {
    const { store, localize, log } = this.#parts;
    const { session_id } = page.session;
    try {
      page.session = await this.#find(session_id);
      await store.loadTasks(session_id);
      page.problem = undefined;
    } catch (error) {
      page.problem =
        error instanceof ApiError && error.code === 'SESSION_NOT_FOUND'
          ? localize('This session was deleted.')
          : localize('The session could not be read. The page shows the last known state.');
      log.debug(`Reading session ${session_id} for its page failed: ${errorText(error)}`);
    }
  }

  async #find(sessionId: string): Promise<Session> {
    const { store, connection } = this.#parts;
    const read = () =>
      connection.call((client, signal) => client.getSession(sessionId, { signal }), this.#ended.signal);
    return store.find(sessionId) ?? read();
  }

  #outage(): string | undefined {
    const { store, localize } = this.#parts;
    return store.status.failures > 0
      ? localize('The API cannot be reached. The page shows the last known state.')
      : undefined;
  }

  #drawAll(): void {
    for (const page of this.#pages.values()) this.#draw(page);
  }

  #drawFacts(): void {
    if (this.#pages.size === 0) return;
    this.#gatheringFacts ??= this.#parts.clock.after(GATHER_FACTS_MS, () => {
      this.#gatheringFacts = undefined;
      this.#drawAll();
    });
  }

  #draw(page: OpenPage): void {
    if (this.#pages.get(page.session.session_id) !== page) return;
    const { store, labels, claude, lifecycle, localize, locale } = this.#parts;
    const { session_id } = page.session;
    const session = store.find(session_id) ?? page.session;
    page.session = session;
    const known = store.tasksOf(session_id);
    const { now, stallThresholdMs } = store.vitals;
    page.panel.draw(
      sessionPage(
        {
          session,
          label: labels.labelOf(session),
          tasks: known?.tasks,
          totalTasks: known?.total ?? 0,
          currentTaskName: labels.currentTaskNameOf(session),
          stallThresholdMs,
          claude: knownOfLive(session, claude),
          isOwn: lifecycle.trackers.some(({ sessionId }) => sessionId === session_id),
          labelOf: (sessionId) => {
            const other = store.find(sessionId);
            return other && labels.labelOf(other);
          },
          problem: page.problem ?? this.#outage(),
        },
        { now, locale, localize },
      ),
    );
  }

  /** Redraws visible pages regularly, so that their ages are right. */
  #plan(): void {
    const { clock, onDidShow } = this.#parts;
    this.#timer?.dispose();
    const visible = [...this.#pages.values()].filter(({ panel }) => panel.isVisible);
    onDidShow(visible.length > 0);
    this.#timer =
      this.#pages.size === 0
        ? undefined
        : clock.after(REDRAW_MS, () => {
            for (const page of visible) this.#draw(page);
            this.#plan();
          });
  }
}
