import type { ConsistencyFinding } from '@claude-projects/shared/contract';

export type FindingKind = ConsistencyFinding['kind'];

/**
 * Something that looks wrong. It was read while others wrote, so it may be nothing but a change half seen: only a
 * look inside a transaction tells.
 */
export type Suspect =
  | { kind: 'current_task_missing'; session_id: string; task_id: string }
  | { kind: 'active_sessions_disagree'; machine_id: string }
  | { kind: 'place_held_twice'; machine_id: string; session_ids: string[] }
  | { kind: 'successor_missing'; session_id: string; successor_id: string }
  | { kind: 'task_without_session'; task_id: string; session_id: string }
  | { kind: 'session_counts_disagree' };

export interface SuspectBatch {
  suspects: Suspect[];
  /** Where the next batch goes on; null: that was the last one. */
  next: string | null;
}

export interface ConsistencyCheck {
  checked_at: Date;
  findings: ConsistencyFinding[];
}

/** What a batch found among the records it looked at, which end with the one that has this key. */
export function suspectBatch(suspects: Suspect[], keys: readonly string[], limit: number): SuspectBatch {
  return { suspects, next: keys.length < limit ? null : (keys.at(-1) ?? null) };
}
