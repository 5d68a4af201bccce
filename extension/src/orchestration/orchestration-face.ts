import type { Orchestration } from '../../api.d.ts';
import type { Tracker } from '../lifecycle/tracker.ts';

/** What other extensions see of a tracker: what is promised, and nothing that could be used by mistake. */
export function orchestrationFace(tracker: Tracker): Orchestration {
  return Object.freeze({
    get sessionId() {
      return tracker.sessionId;
    },
    get projectId() {
      return tracker.projectId;
    },
    get health() {
      return tracker.health;
    },
    get tasks() {
      return tracker.tasks;
    },
    onDidChangeHealth: tracker.onDidChangeHealth,
    onDidEnd: tracker.onDidEnd,
    startTask: (options) => tracker.startTask(options),
    reportActivity: (activity, detail) => tracker.reportActivity(activity, detail),
    complete: () => tracker.complete(),
    fail: (message) => tracker.fail(message),
  } satisfies Orchestration);
}
