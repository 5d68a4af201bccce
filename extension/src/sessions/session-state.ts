import type { Session } from '@claude-projects/shared/client';
import type { Localize } from '../platform/localize.ts';

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
