import type { Connection } from '../connection/connection.ts';
import type { Lifecycle } from '../lifecycle/lifecycle.ts';
import type { Clock } from '../platform/clock.ts';
import { type Disposable, Disposables } from '../platform/disposable.ts';
import { Emitter, type Event } from '../platform/emitter.ts';
import { errorText } from '../platform/error-text.ts';
import type { Localize } from '../platform/localize.ts';
import type { Log } from '../platform/log.ts';
import type { SessionStore } from '../sessions/session-store.ts';
import type { SettingsSource } from '../settings/settings-source.ts';
import { buildTree, EMPTY_TREE, type Tree } from './build-tree.ts';
import { type Redraw, redrawBetween } from './diff-trees.ts';
import { type Filter, NO_FILTER, parseFilter } from './filter.ts';
import { remarkNode, sessionNodeId, type TreeNode, taskNode } from './nodes.ts';
import type { Row } from './row.ts';
import { isLive } from './session-row.ts';
import { taskRow } from './task-row.ts';
import { noticeRow, type ViewState, viewStateOf } from './view-state.ts';

export interface SessionsTreeModelParts {
  readonly store: Pick<
    SessionStore,
    | 'all'
    | 'find'
    | 'status'
    | 'hasMore'
    | 'vitals'
    | 'currentTaskNameOf'
    | 'tasksOf'
    | 'loadTasks'
    | 'watchTasks'
    | 'unwatchTasks'
    | 'onDidChangeSessions'
  >;
  readonly connection: Pick<Connection, 'state' | 'onDidChange'>;
  readonly lifecycle: Pick<Lifecycle, 'trackers' | 'onDidStart' | 'onDidChange'>;
  readonly settings: Pick<SettingsSource, 'current' | 'onDidChange'>;
  readonly clock: Clock;
  readonly localize: Localize;
  readonly log: Log;
}

/** What stands around the rows. */
export interface TreeSurroundings {
  readonly viewState: ViewState;
  readonly badge: { readonly count: number; readonly tooltip: string } | undefined;
  /** The line above the rows. */
  readonly message: string | undefined;
}

/** How often rows grow older while they are seen. */
export const AGEING_MS = 30_000;
/** What happens within it is drawn at once. */
export const GATHER_MS = 50;

/** The tree as a projection of the store. Tells what must be drawn anew, and nothing else. */
export class SessionsTreeModel implements Disposable {
  readonly #parts: SessionsTreeModelParts;
  readonly #owned = new Disposables();
  readonly #redraw: Emitter<Redraw>;
  readonly #surroundingsChanged: Emitter<TreeSurroundings>;
  readonly #nodes = new Map<string, TreeNode>();
  readonly #taskRows = new Map<string, ReadonlyMap<string, Row>>();
  /** Which of the tasks that are drawn says that it is the current one, by session. */
  readonly #drawnCurrent = new Map<string, string | null | undefined>();
  #tree: Tree = EMPTY_TREE;
  #surroundings: TreeSurroundings = { viewState: 'loading', badge: undefined, message: undefined };
  #filter: Filter = NO_FILTER;
  /** Sessions whose tasks are open. */
  readonly #expanded = new Set<string>();
  #isVisible = false;
  #ageing: Disposable | undefined;
  #gathering: Disposable | undefined;
  #disposed = false;

  constructor(parts: SessionsTreeModelParts) {
    this.#parts = parts;
    const onFault = (error: unknown) => parts.log.error(`A listener failed: ${errorText(error)}`);
    this.#redraw = this.#owned.add(new Emitter(onFault));
    this.#surroundingsChanged = this.#owned.add(new Emitter(onFault));
    const { store, connection, lifecycle, settings } = parts;
    const soon = () => this.#updateSoon();
    this.#owned.add(
      store.onDidChangeSessions(({ tasks, removed }) => {
        for (const sessionId of removed) {
          this.#taskRows.delete(sessionId);
          this.#drawnCurrent.delete(sessionId);
          this.#expanded.delete(sessionId);
        }
        this.#redrawTasks(tasks);
        soon();
      }),
    );
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
        return this.#tasksOf(node.sessionId);
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
        return this.#taskRows.get(node.task.session_id)?.get(node.id);
      case 'remark':
        return this.#taskRows.get(node.of)?.get(node.id);
      default:
        return node satisfies never;
    }
  }

  /** Undefined where the session is not shown. */
  nodeOf(sessionId: string): TreeNode | undefined {
    const id = sessionNodeId(sessionId);
    return this.#tree.rows.has(id) ? this.#nodes.get(id) : undefined;
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

  #update(): void {
    this.#gathering?.dispose();
    this.#gathering = undefined;
    if (this.#disposed) return;
    const before = this.#tree;
    this.#tree = this.#build();
    this.#forgetNodes();
    const redraw = this.#withCurrentTasks(redrawBetween(before, this.#tree));
    if (redraw === 'all' || redraw.length > 0) this.#redraw.fire(redraw);
    this.#updateSurroundings();
  }

  /** With the sessions of which another task is the current one, though neither they nor their tasks read differently. */
  #withCurrentTasks(redraw: Redraw): Redraw {
    if (redraw === 'all') return redraw;
    const moved = [...this.#drawnCurrent].filter(
      ([id, drawn]) => drawn !== this.#parts.store.find(id)?.current_task_id,
    );
    const nodes = moved.flatMap(([id]) => this.nodeOf(id) ?? []);
    // It is drawn when the editor asks for it, which it need not do.
    for (const [id] of moved) this.#drawnCurrent.delete(id);
    return [...redraw, ...nodes.filter((node) => !redraw.includes(node))];
  }

  #build(): Tree {
    const { store, connection, lifecycle, settings, clock, localize } = this.#parts;
    const { trackers } = lifecycle;
    const ownTasks = new Map(trackers.map(({ sessionId, currentTask }) => [sessionId, currentTask?.name]));
    const sessions = store.all();
    const standing = { connection: connection.state, ...store.status };
    return buildTree(
      {
        sessions,
        vitals: store.vitals,
        // Of its own this window knows before the API does.
        currentTaskNameOf: (session) => ownTasks.get(session.session_id) ?? store.currentTaskNameOf(session),
        own: new Set(ownTasks.keys()),
        grouping: settings.current.groupBy,
        filter: this.#filter,
        hasMore: store.hasMore,
        notice: sessions.length === 0 ? undefined : noticeRow(standing, clock.now(), localize),
      },
      (node) => this.#intern(node),
      localize,
    );
  }

  #updateSurroundings(): void {
    const before = this.#surroundings;
    this.#surroundings = this.#surroundingsNow();
    if (JSON.stringify(before) !== JSON.stringify(this.#surroundings)) {
      this.#surroundingsChanged.fire(this.#surroundings);
    }
  }

  #surroundingsNow(): TreeSurroundings {
    const { store, connection, localize } = this.#parts;
    const known = store.all().length;
    const { attention, shown } = this.#tree;
    const { text } = this.#filter;
    return {
      viewState: viewStateOf({ connection: connection.state, ...store.status }, known > 0),
      badge:
        attention === 0
          ? undefined
          : {
              count: attention,
              tooltip:
                attention === 1
                  ? localize('1 session needs attention')
                  : localize('{0} sessions need attention', attention),
            },
      message: known === 0 ? undefined : messageOf(text, shown, known, localize),
    };
  }

  async #tasksOf(sessionId: string): Promise<readonly TreeNode[]> {
    const { store, localize } = this.#parts;
    try {
      await store.loadTasks(sessionId);
    } catch (error) {
      // What was read before is better than nothing.
      if (store.tasksOf(sessionId) === undefined) {
        return this.#remark(sessionId, localize('The tasks could not be read: {0}', errorText(error)), 'warning');
      }
    }
    return this.#taskNodes(sessionId);
  }

  #taskNodes(sessionId: string): readonly TreeNode[] {
    const { store, localize } = this.#parts;
    const session = store.find(sessionId);
    const { tasks, total } = store.tasksOf(sessionId) ?? { tasks: [], total: 0 };
    if (tasks.length === 0) return this.#remark(sessionId, localize('No tasks yet'), undefined);
    const isSessionLive = session !== undefined && isLive(session);
    const rows = new Map<string, Row>();
    const nodes = tasks.map((task) => {
      const node = this.#intern(taskNode(task));
      rows.set(
        node.id,
        taskRow(task, { isCurrent: task.task_id === session?.current_task_id, isSessionLive }, localize),
      );
      return node;
    });
    if (total > tasks.length) {
      const node = this.#intern(remarkNode(sessionId));
      rows.set(node.id, remarkRow(localize('{0} more tasks', total - tasks.length), 'ellipsis'));
      nodes.push(node);
    }
    this.#taskRows.set(sessionId, rows);
    this.#drawnCurrent.set(sessionId, session?.current_task_id);
    return nodes;
  }

  #remark(sessionId: string, text: string, icon: string | undefined): readonly TreeNode[] {
    const node = this.#intern(remarkNode(sessionId));
    this.#taskRows.set(sessionId, new Map([[node.id, remarkRow(text, icon)]]));
    return [node];
  }

  /** Their tasks are others: the editor asks for them again where they are open. */
  #redrawTasks(sessionIds: readonly string[]): void {
    const nodes = sessionIds.filter((id) => this.#taskRows.has(id)).flatMap((id) => this.nodeOf(id) ?? []);
    if (nodes.length > 0) this.#redraw.fire(nodes);
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

function messageOf(filter: string, shown: number, known: number, localize: Localize): string | undefined {
  if (filter !== '') {
    return shown === 0
      ? localize('No session matches “{0}”.', filter)
      : localize('{0} of {1} sessions match “{2}”.', shown, known, filter);
  }
  return shown === 0 ? localize('All sessions are archived. Filter by is:archived to see them.') : undefined;
}

function remarkRow(label: string, icon: string | undefined): Row {
  return {
    label,
    description: '',
    icon: icon === undefined ? undefined : { id: icon },
    tooltip: undefined,
    spoken: label,
    contextValue: 'remark',
    expansion: 'none',
    command: undefined,
  };
}
