import type { Task } from '@claude-projects/shared/client';

/**
 * What the tree is made of: who a row is, not what it shows. The editor knows rows by these objects and by their ids,
 * so that there is one object for an id for as long as the row is there. Menus hand them to commands.
 */
export type TreeNode =
  | { readonly kind: 'notice'; readonly id: string }
  | { readonly kind: 'group'; readonly id: string }
  | { readonly kind: 'session'; readonly id: string; readonly sessionId: string }
  | { readonly kind: 'task'; readonly id: string; readonly task: Pick<Task, 'task_id' | 'session_id' | 'task_name'> }
  /** Stands where tasks would be: there are none, or they could not be read. */
  | { readonly kind: 'remark'; readonly id: string; readonly of: string }
  | { readonly kind: 'more'; readonly id: string };

export type SessionNode = Extract<TreeNode, { kind: 'session' }>;

export const NOTICE: TreeNode = { kind: 'notice', id: 'notice' };
export const MORE: TreeNode = { kind: 'more', id: 'more' };

export function groupNode(name: string): TreeNode {
  return { kind: 'group', id: `group ${name}` };
}

export function sessionNode(sessionId: string): SessionNode {
  return { kind: 'session', id: sessionNodeId(sessionId), sessionId };
}

export function sessionNodeId(sessionId: string): string {
  return `session ${sessionId}`;
}

/** With its session: after a recovery the same task is a row of another one. */
export function taskNode({ task_id, session_id, task_name }: Task): TreeNode {
  return { kind: 'task', id: `task ${session_id} ${task_id}`, task: { task_id, session_id, task_name } };
}

export function remarkNode(sessionId: string): TreeNode {
  return { kind: 'remark', id: `remark ${sessionId}`, of: sessionId };
}
