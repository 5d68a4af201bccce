import type { Session } from '@claude-projects/shared/client';
import { branchOf } from '../sessions/session-labels.ts';
import type { SessionState } from '../sessions/session-state.ts';

/** A word such as `is:stalled` asks for a state; every other one must occur somewhere in the session. */
export interface Filter {
  readonly text: string;
  readonly words: readonly string[];
  /** One of them; any if there are none. */
  readonly states: readonly string[];
}

/** Shows what was dismissed. */
export const DISMISSED = 'is:dismissed';
export const NO_FILTER: Filter = { text: '', words: [], states: [] };

const STATE = 'is:';
/** What people call several states, besides each one's own name. */
const RUNNING: readonly SessionState[] = ['working', 'idle', 'stopped', 'late', 'paused', 'waiting'];

export function parseFilter(text: string): Filter {
  const words = text
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  return {
    text: text.trim(),
    words: words.filter((word) => !word.startsWith(STATE)),
    states: words.filter((word) => word.startsWith(STATE)).map((word) => word.slice(STATE.length)),
  };
}

export interface Filtered {
  readonly session: Session;
  readonly state: SessionState;
  readonly label: string;
  readonly currentTaskName: string | undefined;
  readonly isOwn: boolean;
  readonly isDismissed: boolean;
}

/** Archived sessions were put away: they are shown only to those who ask for them. */
export function isShown(filter: Filter, candidate: Filtered): boolean {
  const { words, states } = filter;
  const { session, state, label, currentTaskName } = candidate;
  if (states.length === 0 && state === 'archived') return false;
  if (states.length > 0 && !states.some((wanted) => isState(wanted, candidate))) return false;
  if (words.length === 0) return true;
  const { project_id, machine_id, session_id, activity_detail } = session;
  const text = [label, project_id, machine_id, session_id, activity_detail, currentTaskName, branchOf(session)]
    .join('\n')
    .toLowerCase();
  return words.every((word) => text.includes(word));
}

function isState(wanted: string, { state, isOwn, isDismissed }: Filtered): boolean {
  if (wanted === 'own') return isOwn;
  if (wanted === 'dismissed') return isDismissed;
  if (wanted === 'running') return RUNNING.includes(state);
  return wanted === state;
}
