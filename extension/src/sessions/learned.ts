import type { Session, Task } from '@claude-projects/shared/client';

/** What a reply says of a session or a task. It is as reliable as a reading, and comes sooner. */
export type Learned =
  | { readonly kind: 'session'; readonly session: Session }
  /** A session without tasks. */
  | { readonly kind: 'new-session'; readonly session: Session }
  | { readonly kind: 'heartbeat'; readonly session: Session }
  | { readonly kind: 'task'; readonly task: Task }
  | { readonly kind: 'deleted-task'; readonly session_id: string; readonly task_id: string }
  | { readonly kind: 'deleted-session'; readonly session_id: string };

export function sessionIdOf(learned: Learned): string {
  switch (learned.kind) {
    case 'session':
    case 'new-session':
    case 'heartbeat':
      return learned.session.session_id;
    case 'task':
      return learned.task.session_id;
    case 'deleted-task':
    case 'deleted-session':
      return learned.session_id;
    default:
      return learned satisfies never;
  }
}
