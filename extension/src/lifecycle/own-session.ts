import type { Activity } from '../../api.d.ts';
import type { Event } from '../platform/emitter.ts';
import type { Learned } from '../sessions/learned.ts';
import type { Change } from './outbox/change.ts';
import type { JournaledTask } from './outbox/journaled-task.ts';
import type { TrackedSession } from './tracked-session.ts';

/** What this window knows of a session that it tracks, or whose end it still has to deliver. */
export interface OwnSession {
  readonly session: TrackedSession;
  /** In the order in which they were created. */
  readonly tasks: readonly JournaledTask[];
  /** What the session does now; undefined where its end is recorded. */
  readonly present: Present | undefined;
  /** Recorded changes that the API has not taken yet, in order. */
  readonly undelivered: readonly Change[];
}

export interface Present {
  readonly activity: Activity;
  readonly activityDetail: string | undefined;
  readonly currentTask: JournaledTask | undefined;
}

/** What this window knows before the API does. */
export interface OwnSessions {
  /** Undefined where this window has nothing to add to what the API knows. */
  ownSession(sessionId: string): OwnSession | undefined;
  /** The id of a session whose `ownSession` changed. */
  readonly onDidChangeOwn: Event<string>;
  /** The API's reply to a delivery or a heartbeat. */
  readonly onDidLearn: Event<Learned>;
}
