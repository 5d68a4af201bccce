import type { Task } from '@claude-projects/shared/client';
import type { SessionState } from '../sessions/session-state.ts';
import { Html, html } from './html.ts';

export type Tone = 'good' | 'busy' | 'warning' | 'bad' | 'quiet';

export function toneOfState(state: SessionState): Tone {
  switch (state) {
    case 'working':
      return 'busy';
    case 'completed':
      return 'good';
    case 'late':
    case 'stopped':
    case 'waiting':
      return 'warning';
    case 'stalled':
    case 'failed':
      return 'bad';
    case 'idle':
    case 'paused':
    case 'recovered':
    case 'archived':
    case 'ended':
    case 'unknown':
      return 'quiet';
    default:
      return state satisfies never;
  }
}

export function toneOfTask(status: Task['status'], isSessionLive: boolean): Tone {
  switch (status) {
    case 'pending':
    case 'unknown':
      return 'quiet';
    case 'in_progress':
      return isSessionLive ? 'busy' : 'warning';
    case 'blocked':
      return 'warning';
    case 'completed':
      return 'good';
    case 'failed':
      return 'bad';
    default:
      return status satisfies never;
  }
}

const RING = '<circle cx="8" cy="8" r="6.5"/>';
/** Each tone has a shape of its own, because some people cannot tell the colours apart. */
const SHAPES: Readonly<Record<Tone, Html>> = {
  good: new Html(`${RING}<path d="M5 8.3l2.1 2.1L11 6"/>`),
  busy: new Html(`${RING}<path d="M6.7 5.6v4.8L10.6 8z" fill="currentColor"/>`),
  warning: new Html(`${RING}<path d="M8 4.8v4M8 11v.2"/>`),
  bad: new Html(`${RING}<path d="M5.8 5.8l4.4 4.4M10.2 5.8l-4.4 4.4"/>`),
  quiet: new Html(RING),
};

/** Hidden from screen readers: the text beside the icon says the same. */
export function icon(tone: Tone): Html {
  return html`<svg class="icon ${tone}" viewBox="0 0 16 16" aria-hidden="true">${SHAPES[tone]}</svg>`;
}
