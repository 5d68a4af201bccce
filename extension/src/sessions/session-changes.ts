import type { BookChanges } from './session-book.ts';

/** What is not as it was, by the ids of the sessions. */
export interface SessionChanges extends BookChanges {
  /** Their tasks are others, or the name of their current one was learned. */
  readonly tasks: readonly string[];
  /** Whether there is more to load, how far the reading has come, or whether it fails. */
  readonly status: boolean;
}

const NONE: SessionChanges = { added: [], changed: [], removed: [], tasks: [], status: false };

export function changesOf(changes: Partial<SessionChanges>): SessionChanges {
  return { ...NONE, ...changes };
}

export function isAnything({ added, changed, removed, tasks, status }: SessionChanges): boolean {
  return status || added.length + changed.length + removed.length + tasks.length > 0;
}
