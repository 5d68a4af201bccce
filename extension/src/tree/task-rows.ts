import { isDeepStrictEqual } from 'node:util';
import { errorText } from '../platform/error-text.ts';
import type { Localize } from '../platform/localize.ts';
import { isLive } from '../sessions/health.ts';
import type { WindowSessions } from '../sessions/window-sessions.ts';
import { remarkNode, type TreeNode, taskNode } from './nodes.ts';
import type { Row } from './row.ts';
import { taskRow } from './task-row.ts';

export interface TaskRowsParts {
  readonly store: Pick<WindowSessions, 'find' | 'tasksOf' | 'loadTasks'>;
  /** Gives the one object there is for an id. */
  readonly intern: (node: TreeNode) => TreeNode;
  readonly localize: Localize;
}

interface Composed {
  readonly nodes: readonly TreeNode[];
  readonly rows: ReadonlyMap<string, Row>;
}

/** What stands under the sessions that somebody looks into. */
export class TaskRows {
  readonly #parts: TaskRowsParts;
  readonly #rows = new Map<string, ReadonlyMap<string, Row>>();

  constructor(parts: TaskRowsParts) {
    this.#parts = parts;
  }

  rowOf(sessionId: string, nodeId: string): Row | undefined {
    return this.#rows.get(sessionId)?.get(nodeId);
  }

  forget(sessionId: string): void {
    this.#rows.delete(sessionId);
  }

  /** Whether the tasks read differently from the rows. While the editor redraws rows, their menus do nothing. */
  isOutdated(sessionId: string): boolean {
    const drawn = this.#rows.get(sessionId);
    if (drawn === undefined || this.#parts.store.tasksOf(sessionId) === undefined) return false;
    return !isDeepStrictEqual([...drawn], [...this.#compose(sessionId).rows]);
  }

  /** Read when somebody first looks. Never rejects. */
  async read(sessionId: string): Promise<readonly TreeNode[]> {
    const { store, localize } = this.#parts;
    try {
      await store.loadTasks(sessionId);
    } catch (error) {
      // What was read before is better than nothing.
      if (store.tasksOf(sessionId) === undefined) {
        const text = localize('The tasks could not be read: {0}', errorText(error));
        return this.#draw(sessionId, this.#remark(sessionId, text, 'warning'));
      }
    }
    return this.#draw(sessionId, this.#compose(sessionId));
  }

  #draw(sessionId: string, { nodes, rows }: Composed): readonly TreeNode[] {
    this.#rows.set(sessionId, rows);
    return nodes;
  }

  #compose(sessionId: string): Composed {
    const { store, intern, localize } = this.#parts;
    const session = store.find(sessionId);
    const { tasks, total } = store.tasksOf(sessionId) ?? { tasks: [], total: 0 };
    if (tasks.length === 0) return this.#remark(sessionId, localize('No tasks yet'), undefined);
    const isSessionLive = session !== undefined && isLive(session);
    const rows = new Map<string, Row>();
    const nodes = tasks.map((task) => {
      const node = intern(taskNode(task));
      rows.set(
        node.id,
        taskRow(task, { isCurrent: task.task_id === session?.current_task_id, isSessionLive }, localize),
      );
      return node;
    });
    if (total > tasks.length) {
      const node = intern(remarkNode(sessionId));
      rows.set(node.id, remarkRow(localize('{0} more tasks', total - tasks.length), 'ellipsis'));
      nodes.push(node);
    }
    return { nodes, rows };
  }

  #remark(sessionId: string, text: string, icon: string | undefined): Composed {
    const node = this.#parts.intern(remarkNode(sessionId));
    return { nodes: [node], rows: new Map([[node.id, remarkRow(text, icon)]]) };
  }
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
