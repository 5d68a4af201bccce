import type { Session } from '@claude-projects/shared/client';
import type { Tracker } from '../../src/lifecycle/tracker.ts';
import { SessionLabels } from '../../src/sessions/session-labels.ts';

/** Labels of sessions whose current tasks are called so. */
export function sampleLabels(
  currentTaskNameOf: (session: Session) => string | undefined = () => undefined,
  lifecycle: { readonly trackers: readonly Tracker[] } = { trackers: [] },
): SessionLabels {
  return new SessionLabels({ store: { currentTaskNameOf }, lifecycle });
}
