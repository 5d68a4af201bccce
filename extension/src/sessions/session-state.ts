import type { Session } from '@claude-projects/shared/client';
import type { Localize } from '../platform/localize.ts';
import { hasStopped } from './health.ts';

/** Status, health, activity and afterlife of a session in one word: what people tell sessions apart by. */
export type SessionState =
  | 'working'
  /** It sits at its prompt, and has nothing to do. */
  | 'idle'
  /** It sits at its prompt because of an error or a limit. */
  | 'stopped'
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
  switch (health) {
    case 'healthy':
      if (hasStopped(session)) return 'stopped';
      // What never reports its activity, or reports one that only a newer version knows, counts as working.
      return session.activity === 'idle' ? 'idle' : 'working';
    case 'late':
      return hasStopped(session) ? 'stopped' : health;
    case 'ended':
    case 'unknown':
      return stateByStatus(session);
    case 'stalled':
    case 'waiting':
    case 'paused':
      return health;
    default:
      return health satisfies never;
  }
}

function stateByStatus(session: Session): SessionState {
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
    case 'working':
      return localize('working');
    case 'idle':
      return localize('idle');
    case 'stopped':
      return localize('stopped');
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
