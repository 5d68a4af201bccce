import type { Session, SessionHealth } from '@claude-projects/shared/contract';
import type { Localize } from '../platform/localize.ts';
import type { RowIcon } from './row.ts';

/** Status, health and afterlife of a session in one word: what people tell sessions apart by. */
export type SessionState =
  | 'healthy'
  | 'late'
  | 'stalled'
  | 'waiting'
  | 'paused'
  | 'completed'
  | 'failed'
  | 'recovered'
  | 'archived';

/** `health`: as of now. */
export function stateOf(session: Session, health: SessionHealth): SessionState {
  if (session.archived_at !== null) return 'archived';
  if (session.recovered_by !== null) return 'recovered';
  if (health !== 'ended') return health;
  return session.status === 'failed' ? 'failed' : 'completed';
}

/** `older`: needs attention for more than a day, so that it is no news to anybody. */
export type Section = 'attention' | 'running' | 'older' | 'recent';

export interface Standing {
  readonly state: SessionState;
  readonly isOld: boolean;
  readonly isDismissed: boolean;
}

export function sectionOf({ state, isOld, isDismissed }: Standing): Section {
  switch (state) {
    case 'stalled':
    case 'failed':
    case 'waiting':
      if (isDismissed) return 'recent';
      return isOld ? 'older' : 'attention';
    case 'healthy':
    case 'late':
    case 'paused':
      return 'running';
    case 'completed':
    case 'recovered':
    case 'archived':
      return 'recent';
    default:
      return state satisfies never;
  }
}

export function iconOf(state: SessionState): RowIcon {
  switch (state) {
    case 'healthy':
      return { id: 'pulse', color: 'charts.green' };
    case 'late':
      return { id: 'watch', color: 'problemsWarningIcon.foreground' };
    case 'stalled':
      return { id: 'warning', color: 'problemsErrorIcon.foreground' };
    case 'waiting':
      return { id: 'question', color: 'problemsWarningIcon.foreground' };
    case 'paused':
      return { id: 'debug-pause', color: 'descriptionForeground' };
    case 'completed':
      return { id: 'pass', color: 'charts.green' };
    case 'failed':
      return { id: 'error', color: 'problemsErrorIcon.foreground' };
    case 'recovered':
      return { id: 'debug-restart', color: 'descriptionForeground' };
    case 'archived':
      return { id: 'archive', color: 'descriptionForeground' };
    default:
      return state satisfies never;
  }
}

export function nameOfState(state: SessionState, localize: Localize): string {
  switch (state) {
    case 'healthy':
      return localize('running');
    case 'late':
      return localize('late');
    case 'stalled':
      return localize('stalled');
    case 'waiting':
      return localize('waits for input');
    case 'paused':
      return localize('paused');
    case 'completed':
      return localize('completed');
    case 'failed':
      return localize('failed');
    case 'recovered':
      return localize('recovered');
    case 'archived':
      return localize('archived');
    default:
      return state satisfies never;
  }
}
