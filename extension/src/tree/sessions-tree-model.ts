import type { Connection } from '../connection/connection.ts';
import type { Lifecycle } from '../lifecycle/lifecycle.ts';
import type { Clock } from '../platform/clock.ts';
import { type Disposable, Disposables } from '../platform/disposable.ts';
import { Emitter, type Event } from '../platform/emitter.ts';
import { errorText } from '../platform/error-text.ts';
import type { Localize } from '../platform/localize.ts';
import type { Log } from '../platform/log.ts';
import type { ClaudeSessions } from '../sessions/claude-facts.ts';
import type { Dismissals } from '../sessions/dismissals.ts';
import type { NeedsYou } from '../sessions/needs-you.ts';
import type { SessionLabels } from '../sessions/session-labels.ts';
import type { WindowSessions } from '../sessions/window-sessions.ts';
import type { SettingsSource } from '../settings/settings-source.ts';
import { buildTree, EMPTY_TREE, type Tree } from './build-tree.ts';
import { type Redraw, redrawBetween } from './diff-trees.ts';
import { type Filter, NO_FILTER, parseFilter } from './filter.ts';
import { sessionNodeId, type TreeNode } from './nodes.ts';
import type { Row } from './row.ts';
import { surroundingsOf, type TreeSurroundings } from './surroundings.ts';
import { TaskRows } from './task-rows.ts';
import { noticeRow, type Standing } from './view-state.ts';

export interface SessionsTreeModelParts {
  readonly store: Pick<
    WindowSessions,
    | 'all'
    | 'find'
    | 'status'
    | 'hasMore'
    | 'vitals'
    | 'tasksOf'
    | 'loadTasks'
    | 'watchTasks'
    | 'unwatchTasks'
    | 'onDidChangeSessions'
  >;
  readonly labels: Pick<SessionLabels, 'labelOf' | 'currentTaskNameOf'>;
  readonly claude: ClaudeSessions;
  readonly needsYou: Pick<NeedsYou, 'sessions' | 'onDidChange'>;
  readonly dismissals: Pick<Dismissals, 'has'>;
  readonly connection: Pick<Connection, 'state' | 'onDidChange'>;
  readonly lifecycle: Pick<Lifecycle, 'trackers' | 'onDidStart' | 'onDidChange'>;
  readonly settings: Pick<SettingsSource, 'current' | 'onDidChange'>;
  readonly clock: Clock;
  readonly localize: Localize;
  readonly log: Log;
}

/** How often rows grow older while they are seen. */
export const AGEING_MS = 30_000;
/** What happens within it is drawn at once. */
export const GATHER_MS = 50;
export const GATHER_FACTS_MS = 1000;

/** The tree as a projection of the sessions. Tells what must be drawn anew, and nothing else. */
export class SessionsTreeModel implements Disposable {
  readonly #parts: SessionsTreeModelParts;
  readonly #owned = new Disposables();
  readonly #redraw: Emitter<Redraw>;
  readonly #surroundingsChanged: Emitter<TreeSurroundings>;
  readonly #nodes = new Map<string, TreeNode>();
  readonly #taskRows: TaskRows;
  #tree: Tree = EMPTY_TREE;
  #surroundings: TreeSurroundings = { viewState: 'loading', badge: undefined, message: undefined, isFiltered: false };
  #filter: Filter = NO_FILTER;
  /** Sessions whose tasks are open. */
  readonly #expanded = new Set<string>();
  /** Sessions whose tasks may read differently since the last update. */
  readonly #touched = new Set<string>();
  #isVisible = false;
  #ageing: Disposable | undefined;
  #gathering: Disposable | undefined;
  #gatheringFacts: Disposable | undefined;
  #disposed = false;

  constructor(parts: SessionsTreeModelParts) {
    this.#parts = parts;
    this.#taskRows = new TaskRows({ ...parts, intern: (node) => this.#intern(node) });
    const onFault = (error: unknown) => parts.log.error(`A listener failed: ${errorText(error)}`);
    this.#redraw = this.#owned.add(new Emitter(onFault));
    this.#surroundingsChanged = this.#owned.add(new Emitter(onFault));
    const { store, claude, needsYou, connection, lifecycle, settings } = parts;
    const soon = () => this.#updateSoon();
    this.#owned.add(
      store.onDidChangeSessions(({ changed, tasks, removed }) => {
        for (const sessionId of removed) {
          this.#taskRows.forget(sessionId);
          this.#expanded.delete(sessionId);
        }
        for (const sessionId of [...changed, ...tasks]) this.#touched.add(sessionId);
        soon();
      }),
    );
    this.#owned.add(claude.onDidChange(() => this.#updateFacts()));
    this.#owned.add(needsYou.onDidChange(soon));
    this.#owned.add(connection.onDidChange(soon));
    this.#owned.add(lifecycle.onDidStart(soon));
    this.#owned.add(lifecycle.onDidChange(soon));
    this.#owned.add(settings.onDidChange(soon));
    this.#update();
  }

  /** Which rows to draw anew. */
  get onDidChange(): Event<Redraw> {
    return this.#redraw.event;
  }

  get onDidChangeSurroundings(): Event<TreeSurroundings> {
    return this.#surroundingsChanged.event;
  }

  get surroundings(): TreeSurroundings {
    return this.#surroundings;
  }

  get filter(): string {
    return this.#filter.text;
  }

  /** Words that all occur in a session, and states as in `is:stalled`. */
  setFilter(text: string): void {
    this.#filter = parseFilter(text);
    this.#update();
  }

  /** Draws at once what waits to be drawn. */
  updateNow(): void {
    if (this.#gathering) this.#update();
  }

  /** Rows grow older only while somebody sees them. */
  setVisible(isVisible: boolean): void {
    if (isVisible === this.#isVisible) return;
    this.#isVisible = isVisible;
    for (const sessionId of this.#expanded) this.#watch(sessionId);
    this.#ageing?.dispose();
    this.#ageing = undefined;
    if (!isVisible || this.#disposed) return;
    this.#update();
    this.#growOlder();
  }

  roots(): readonly TreeNode[] {
    return this.#tree.roots;
  }

  /** Of a session the tasks, which are read when somebody first looks. Never rejects. */
  async childrenOf(node: TreeNode): Promise<readonly TreeNode[]> {
    switch (node.kind) {
      case 'group':
        return this.#tree.children.get(node.id) ?? [];
      case 'session':
        // The editor asks for the tasks of those alone that are open; not every way to open one is told.
        this.setExpanded(node, true);
        return this.#taskRows.read(node.sessionId);
      case 'notice':
      case 'task':
      case 'remark':
      case 'more':
        return [];
      default:
        return node satisfies never;
    }
  }

  parentOf(node: TreeNode): TreeNode | undefined {
    if (node.kind === 'task') return this.nodeOf(node.task.session_id);
    if (node.kind === 'remark') return this.nodeOf(node.of);
    return this.#tree.parents.get(node.id);
  }

  /** Undefined for a row that is gone. */
  rowOf(node: TreeNode): Row | undefined {
    switch (node.kind) {
      case 'notice':
      case 'group':
      case 'session':
      case 'more':
        return this.#tree.rows.get(node.id);
      case 'task':
        return this.#taskRows.rowOf(node.task.session_id, node.id);
      case 'remark':
        return this.#taskRows.rowOf(node.of, node.id);
      default:
        return node satisfies never;
    }
  }

  /** Undefined where the session is not shown. */
  nodeOf(sessionId: string): TreeNode | undefined {
    const id = sessionNodeId(sessionId);
    return this.#tree.rows.has(id) ? this.#nodes.get(id) : undefined;
  }

  /** The editor forgets it of a row that moves to another group. */
  isExpanded(node: TreeNode): boolean {
    return node.kind === 'session' && this.#expanded.has(node.sessionId);
  }

  setExpanded(node: TreeNode, isExpanded: boolean): void {
    if (node.kind !== 'session') return;
    if (isExpanded) this.#expanded.add(node.sessionId);
    else this.#expanded.delete(node.sessionId);
    this.#watch(node.sessionId);
  }

  dispose(): void {
    this.#disposed = true;
    this.#ageing?.dispose();
    this.#gathering?.dispose();
    this.#gatheringFacts?.dispose();
    this.#owned.dispose();
  }

  /** Tasks that nobody sees are not read. */
  #watch(sessionId: string): void {
    const { store } = this.#parts;
    if (this.#isVisible && this.#expanded.has(sessionId)) store.watchTasks(sessionId);
    else store.unwatchTasks(sessionId);
  }

  #growOlder(): void {
    if (this.#disposed) return;
    this.#ageing = this.#parts.clock.after(AGEING_MS, () => {
      this.#update();
      this.#growOlder();
    });
  }

  #updateSoon(): void {
    if (this.#disposed) return;
    this.#gathering ??= this.#parts.clock.after(GATHER_MS, () => this.#update());
  }

  /** What only tooltips show may change with each tool that an agent uses. */
  #updateFacts(): void {
    if (this.#disposed || !this.#isVisible) return;
    this.#gatheringFacts ??= this.#parts.clock.after(GATHER_FACTS_MS, () => this.#update());
  }

  #update(): void {
    this.#gathering?.dispose();
    this.#gathering = undefined;
    this.#gatheringFacts?.dispose();
    this.#gatheringFacts = undefined;
    if (this.#disposed) return;
    const before = this.#tree;
    this.#tree = this.#build();
    this.#forgetNodes();
    const redraw = this.#withTasks(redrawBetween(before, this.#tree));
    if (redraw === 'all' || redraw.length > 0) this.#redraw.fire(redraw);
    this.#updateSurroundings();
  }

  get #standing(): Standing {
    const { store, connection } = this.#parts;
    return { connection: connection.state, ...store.status };
  }

  /** With the sessions whose tasks read differently. Of those that are open the editor asks for them again. */
  #withTasks(redraw: Redraw): Redraw {
    const outdated = [...this.#touched].filter((id) => this.#taskRows.isOutdated(id));
    this.#touched.clear();
    if (redraw === 'all') return redraw;
    const nodes = outdated.flatMap((id) => this.nodeOf(id) ?? []);
    return [...redraw, ...nodes.filter((node) => !redraw.includes(node))];
  }

  #build(): Tree {
    const { store, labels, claude, needsYou, dismissals, lifecycle, settings, clock, localize } = this.#parts;
    const sessions = store.all();
    return buildTree(
      {
        sessions,
        vitals: store.vitals,
        labels,
        claude,
        own: new Set(lifecycle.trackers.map(({ sessionId }) => sessionId)),
        isDismissed: (sessionId) => dismissals.has(sessionId),
        needYou: new Set(needsYou.sessions().map(({ session_id }) => session_id)),
        grouping: settings.current.groupBy,
        filter: this.#filter,
        hasMore: store.hasMore,
        notice: sessions.length === 0 ? undefined : noticeRow(this.#standing, clock.now(), localize),
      },
      (node) => this.#intern(node),
      localize,
    );
  }

  #updateSurroundings(): void {
    const before = this.#surroundings;
    const { store, needsYou, localize } = this.#parts;
    this.#surroundings = surroundingsOf(
      {
        shown: this.#tree.shown,
        needYou: needsYou.sessions().length,
        standing: this.#standing,
        known: store.all().length,
        filter: this.#filter.text,
      },
      localize,
    );
    if (JSON.stringify(before) !== JSON.stringify(this.#surroundings)) {
      this.#surroundingsChanged.fire(this.#surroundings);
    }
  }

  #intern(node: TreeNode): TreeNode {
    const known = this.#nodes.get(node.id);
    if (known) return known;
    this.#nodes.set(node.id, node);
    return node;
  }

  /** Rows that are gone, and the tasks under them. */
  #forgetNodes(): void {
    for (const [id, node] of this.#nodes) if (this.rowOf(node) === undefined) this.#nodes.delete(id);
  }
}
