import type { OrchestrationEnd } from '../../api.d.ts';
import type { Lifecycle } from '../lifecycle/lifecycle.ts';
import type { Tracker, TrackerState } from '../lifecycle/tracker.ts';
import { type Disposable, Disposables } from '../platform/disposable.ts';
import type { Localize } from '../platform/localize.ts';
import type { Log } from '../platform/log.ts';
import { sessionName } from '../sessions/session-labels.ts';
import type { Notice, NoticeAction, Notifier, RunCommand } from './notifier.ts';

export interface TrackerNoticesParts {
  readonly lifecycle: Pick<Lifecycle, 'onDidChange'>;
  readonly notifier: Notifier;
  readonly run: RunCommand;
  readonly localize: Localize;
  readonly log: Log;
}

/**
 * Tells once of each session of this window that somebody else ended it, or that the API refuses it. That the API
 * cannot be reached goes to the log and the status bar alone: the work goes on, so that nobody needs to act.
 */
export class TrackerNotices implements Disposable {
  readonly #parts: TrackerNoticesParts;
  readonly #owned = new Disposables();
  readonly #told = new WeakMap<Tracker, Set<string>>();

  constructor(parts: TrackerNoticesParts) {
    this.#parts = parts;
    this.#owned.add(parts.lifecycle.onDidChange((tracker) => this.#look(tracker)));
  }

  dispose(): void {
    this.#owned.dispose();
  }

  #look(tracker: Tracker): void {
    const { state } = tracker;
    const what = state.kind === 'ended' ? `ended ${state.end.reason}` : state.kind;
    const told = this.#told.get(tracker) ?? new Set();
    this.#told.set(tracker, told);
    // Back online it may degrade again, and then the log shall say so again; the rest happens once.
    if (state.kind === 'running') told.delete('degraded');
    if (told.has(what)) return;
    told.add(what);
    const notice = this.#noticeOf(tracker, state);
    if (notice) this.#parts.notifier.notify(notice);
  }

  #noticeOf(tracker: Tracker, state: TrackerState): Notice | undefined {
    const { localize, log, run } = this.#parts;
    const { sessionId, projectId, title } = tracker;
    const name = sessionName(projectId, title);
    switch (state.kind) {
      case 'starting':
      case 'running':
      case 'ending':
        return undefined;
      case 'degraded':
        log.warn(`Session ${sessionId} goes on without the API; what happens is kept and told later.`);
        return undefined;
      case 'refused':
        return {
          severity: 'warning',
          message: localize(
            'The API refuses the session of {0}, so the session is not recorded. The work goes on. The API says: {1}',
            name,
            state.reason,
          ),
          actions: [{ label: localize('Show Log'), run: () => run('claudeProjects.showLog') }],
        };
      case 'ended':
        return this.#endNotice(name, state.end);
      default:
        return state satisfies never;
    }
  }

  #endNotice(name: string, end: OrchestrationEnd): Notice | undefined {
    const { localize } = this.#parts;
    switch (end.reason) {
      case 'completed':
      case 'failed':
      // The user is asked whether to recover it.
      case 'stalled':
        return undefined;
      case 'recovered-elsewhere':
        return {
          severity: 'warning',
          message: localize('The session of {0} was recovered elsewhere. Stop the work here.', name),
          actions: this.#show(end.successorSessionId),
        };
      case 'ended-elsewhere':
        return {
          severity: 'warning',
          message: localize('Somebody else ended the session of {0}. Stop the work here.', name),
          actions: [],
        };
      case 'taken-over':
        return {
          severity: 'info',
          message: localize('Another window goes on with the session of {0}. Stop the work here.', name),
          actions: [],
        };
      default:
        return end satisfies never;
    }
  }

  #show(sessionId: string | undefined): NoticeAction[] {
    if (sessionId === undefined) return [];
    const { run, localize } = this.#parts;
    return [{ label: localize('Show'), run: () => run('claudeProjects.showSessionDetails', sessionId) }];
  }
}
