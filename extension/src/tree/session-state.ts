import type { Session } from '@claude-projects/shared/client';
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
  | 'archived'
  /** It has ended in a way that a newer server knows. */
  | 'ended'
  /** A newer server knows what it is. */
  | 'unknown';

/** `health`: as of now. */
export function stateOf(session: Session, health: Session['health']): SessionState {
  if (session.archived_at !== null) return 'archived';
  if (session.recovered_by !== null) return 'recovered';
  if (health !== 'ended' && health !== 'unknown') return health;
  switch (session.status) {
    case 'failed':
    case 'completed':
    case 'stalled':
    case 'paused':
      return session.status;
    case 'active':
    case 'unknown':
      return session.completed_at === null ? 'unknown' : 'ended';
    default:
      return session.status satisfies never;
  }
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
    case 'unknown':
      return 'running';
    case 'completed':
    case 'recovered':
    case 'archived':
    case 'ended':
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
    case 'ended':
      return { id: 'circle-slash', color: 'descriptionForeground' };
    case 'unknown':
      return { id: 'circle-outline', color: 'descriptionForeground' };
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
    case 'ended':
      return localize('ended');
    case 'unknown':
      return localize('unknown state');
    default:
      return state satisfies never;
  }
}
