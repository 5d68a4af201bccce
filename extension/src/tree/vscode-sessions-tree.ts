import * as vscode from 'vscode';
import type { SessionsTree } from '../commands/sessions-view.ts';
import { type Disposable, Disposables } from '../platform/disposable.ts';
import { errorText } from '../platform/error-text.ts';
import type { Log } from '../platform/log.ts';
import type { SessionPoller } from '../sessions/session-poller.ts';
import type { WindowSessions } from '../sessions/window-sessions.ts';
import type { TreeNode } from './nodes.ts';
import type { SessionsTreeModel } from './sessions-tree-model.ts';
import type { TreeSurroundings } from './surroundings.ts';
import { treeItem } from './vscode-tree-items.ts';

const VIEW = 'claudeProjects.sessions';
const VIEW_STATE = 'claudeProjects.viewState';

export interface VscodeSessionsTreeParts {
  readonly model: SessionsTreeModel;
  readonly poller: Pick<SessionPoller, 'setVisible'>;
  readonly store: Pick<WindowSessions, 'find' | 'refresh' | 'loadMore'>;
  readonly log: Log;
  readonly setContext: (key: string, value: unknown) => Thenable<unknown>;
}

/** The view "Sessions" over its model: draws what the model tells it to, and tells the others whether it is seen. */
export class VscodeSessionsTree implements SessionsTree, vscode.TreeDataProvider<TreeNode>, Disposable {
  readonly #parts: VscodeSessionsTreeParts;
  readonly #owned = new Disposables();
  readonly #drawn = new vscode.EventEmitter<TreeNode[] | undefined>();
  readonly #view: vscode.TreeView<TreeNode>;
  #viewState: string | undefined;

  constructor(parts: VscodeSessionsTreeParts) {
    this.#parts = parts;
    const { model } = parts;
    this.#owned.add(this.#drawn);
    this.#view = this.#owned.add(
      vscode.window.createTreeView<TreeNode>(VIEW, {
        treeDataProvider: this,
        showCollapseAll: true,
        canSelectMany: true,
      }),
    );
    this.#owned.add(model.onDidChange((redraw) => this.#drawn.fire(redraw === 'all' ? undefined : [...redraw])));
    this.#owned.add(model.onDidChangeSurroundings((surroundings) => this.#surround(surroundings)));
    this.#owned.add(this.#view.onDidChangeVisibility(({ visible }) => this.#setVisible(visible)));
    this.#owned.add(this.#view.onDidExpandElement(({ element }) => model.setExpanded(element, true)));
    this.#owned.add(this.#view.onDidCollapseElement(({ element }) => model.setExpanded(element, false)));
    this.#surround(model.surroundings);
    this.#setVisible(this.#view.visible);
  }

  get onDidChangeTreeData(): vscode.Event<TreeNode[] | undefined> {
    return this.#drawn.event;
  }

  getTreeItem(node: TreeNode): vscode.TreeItem {
    const { model } = this.#parts;
    const row = model.rowOf(node);
    // Gone since the editor asked for its parent; it is drawn anew presently.
    if (!row) return new vscode.TreeItem('');
    return treeItem(node, model.isExpanded(node) ? { ...row, expansion: 'expanded' } : row);
  }

  async getChildren(node?: TreeNode): Promise<TreeNode[]> {
    const { model } = this.#parts;
    return [...(node === undefined ? model.roots() : await model.childrenOf(node))];
  }

  getParent(node: TreeNode): TreeNode | undefined {
    return this.#parts.model.parentOf(node);
  }

  get filter(): string {
    return this.#parts.model.filter;
  }

  setFilter(words: string): void {
    this.#parts.model.setFilter(words);
  }

  loadMore(): Promise<void> {
    return this.#parts.store.loadMore();
  }

  async reveal(sessionId: string, { expand } = { expand: false }): Promise<void> {
    const { model, store, log } = this.#parts;
    try {
      await vscode.commands.executeCommand(`${VIEW}.focus`);
      if (!store.find(sessionId)) await store.refresh();
      model.updateNow();
      const node = model.nodeOf(sessionId);
      if (node) await this.#view.reveal(node, { select: true, focus: true, expand });
    } catch (error) {
      log.warn(`The session could not be shown in its view: ${errorText(error)}`);
    }
  }

  dispose(): void {
    this.#owned.dispose();
  }

  #setVisible(isVisible: boolean): void {
    this.#parts.model.setVisible(isVisible);
    this.#parts.poller.setVisible(isVisible);
  }

  #surround({ viewState, badge, message }: TreeSurroundings): void {
    const { setContext, log } = this.#parts;
    this.#view.badge = badge && { value: badge.count, tooltip: badge.tooltip };
    // With the types as they are, "no message" is the empty one.
    this.#view.message = message ?? '';
    if (viewState === this.#viewState) return;
    this.#viewState = viewState;
    setContext(VIEW_STATE, viewState).then(undefined, (error: unknown) => log.error(errorText(error)));
  }
}
