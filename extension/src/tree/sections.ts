import type { SessionState } from '../sessions/session-state.ts';

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
    case 'stopped':
      // It is alive: dismissed, it is one of those that run.
      return isDismissed ? 'running' : 'attention';
    case 'working':
    case 'idle':
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
