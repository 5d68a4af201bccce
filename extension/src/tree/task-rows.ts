import { errorText } from '../platform/error-text.ts';
import type { Localize } from '../platform/localize.ts';
import type { SessionStore } from '../sessions/session-store.ts';
import { remarkNode, type TreeNode, taskNode } from './nodes.ts';
import type { Row } from './row.ts';
import { isLive } from './session-row.ts';
import { taskRow } from './task-row.ts';

export interface TaskRowsParts {
  readonly store: Pick<SessionStore, 'find' | 'tasksOf' | 'loadTasks'>;
  /** Gives the one object there is for an id. */
  readonly intern: (node: TreeNode) => TreeNode;
  readonly localize: Localize;
}

/** What stands under the sessions that somebody looks into. */
export class TaskRows {
  readonly #parts: TaskRowsParts;
  readonly #rows = new Map<string, ReadonlyMap<string, Row>>();
  /** Which of the tasks that are drawn says that it is the current one, by session. */
  readonly #drawnCurrent = new Map<string, string | null | undefined>();

  constructor(parts: TaskRowsParts) {
    this.#parts = parts;
  }

  has(sessionId: string): boolean {
    return this.#rows.has(sessionId);
  }

  rowOf(sessionId: string, nodeId: string): Row | undefined {
    return this.#rows.get(sessionId)?.get(nodeId);
  }

  forget(sessionId: string): void {
    this.#rows.delete(sessionId);
    this.#drawnCurrent.delete(sessionId);
  }

  /** The sessions whose rows mark a task that is not the current one any more. Told once: the editor need not ask for them. */
  takeOutdated(): readonly string[] {
    const { store } = this.#parts;
    const outdated = [...this.#drawnCurrent].filter(([id, drawn]) => drawn !== store.find(id)?.current_task_id);
    for (const [id] of outdated) this.#drawnCurrent.delete(id);
    return outdated.map(([id]) => id);
  }

  /** Read when somebody first looks. Never rejects. */
  async read(sessionId: string): Promise<readonly TreeNode[]> {
    const { store, localize } = this.#parts;
    try {
      await store.loadTasks(sessionId);
    } catch (error) {
      // What was read before is better than nothing.
      if (store.tasksOf(sessionId) === undefined) {
        return this.#remark(sessionId, localize('The tasks could not be read: {0}', errorText(error)), 'warning');
      }
    }
    return this.#nodes(sessionId);
  }

  #nodes(sessionId: string): readonly TreeNode[] {
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
    this.#rows.set(sessionId, rows);
    this.#drawnCurrent.set(sessionId, session?.current_task_id);
    return nodes;
  }

  #remark(sessionId: string, text: string, icon: string | undefined): readonly TreeNode[] {
    const node = this.#parts.intern(remarkNode(sessionId));
    this.#rows.set(sessionId, new Map([[node.id, remarkRow(text, icon)]]));
    return [node];
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
