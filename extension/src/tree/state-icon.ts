import type { SessionState } from '../sessions/session-state.ts';
import type { RowIcon } from './row.ts';

export function iconOf(state: SessionState): RowIcon {
  switch (state) {
    case 'working':
      return { id: 'pulse', color: 'charts.green' };
    case 'idle':
      return { id: 'circle-outline', color: 'descriptionForeground' };
    case 'stopped':
      return { id: 'warning', color: 'problemsWarningIcon.foreground' };
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
      return { id: 'dash', color: 'descriptionForeground' };
    default:
      return state satisfies never;
  }
}
