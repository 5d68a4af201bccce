import type { SessionStatus } from '@claude-projects/shared/contract';

/** From which states each state may be reached. What is not listed here cannot happen. */
const SOURCES: Readonly<Record<SessionStatus, readonly SessionStatus[]>> = {
  active: ['paused', 'stalled'],
  paused: ['active'],
  stalled: ['active', 'paused'],
  completed: ['active', 'paused', 'stalled'],
  failed: ['active', 'paused', 'stalled'],
};

export const LIVE_STATES: readonly SessionStatus[] = ['active', 'paused', 'stalled'];
export const ENDED_STATES: readonly SessionStatus[] = ['completed', 'failed'];

export type EndedState = 'completed' | 'failed';

export function isEnded(status: SessionStatus): status is EndedState {
  return ENDED_STATES.includes(status);
}

export function statesLeadingTo(target: SessionStatus): readonly SessionStatus[] {
  return SOURCES[target];
}
