import type { Session } from '@claude-projects/shared/client';
import type { Tracker } from '../../src/lifecycle/tracker.ts';
import { SessionLabels } from '../../src/sessions/session-labels.ts';

/** Labels of sessions, with these names of current tasks. */
export function sampleLabels(
  currentTaskNameOf: (session: Session) => string | undefined = () => undefined,
  lifecycle: { readonly trackers: readonly Tracker[] } = { trackers: [] },
): SessionLabels {
  return new SessionLabels({ store: { currentTaskNameOf }, lifecycle });
}
