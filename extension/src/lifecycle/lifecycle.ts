import type { Session } from '@claude-projects/shared/client';
import type { Result, StartOrchestrationOptions } from '../../api.d.ts';
import type { Event } from '../platform/emitter.ts';
import type { Tracker } from './tracker.ts';

export interface HowToStart {
  /** When the session began. Default: now. */
  readonly at?: number | undefined;
  /** A session that the same request began is returned, if it lives. */
  readonly join?: true;
  /** It belongs to no workspace: whichever window follows its agent goes on with it. */
  readonly untethered?: boolean;
}

export type Adopted<T extends Tracker = Tracker> =
  | { readonly kind: 'adopted'; readonly tracker: T }
  /** Another window of this machine tracks the session. */
  | { readonly kind: 'taken-over' };

/** All sessions of this window. */
export interface Lifecycle {
  /** Those that have not ended, the oldest first. */
  readonly trackers: readonly Tracker[];
  readonly onDidStart: Event<Tracker>;
  /** One of them changed its state, its tasks or its activity. */
  readonly onDidChange: Event<Tracker>;
  /** In the place of the folder; beside another session of this window in a place of its own. */
  start(options: StartOrchestrationOptions, how?: HowToStart): Promise<Result<Tracker>>;
  /**
   * Goes on with a session that exists in the API already, because this window recovered it. Its metadata then names the
   * place of the folder; default: the window's first folder.
   */
  adopt(session: Session, folder?: string): Promise<Adopted>;
  /** Goes on with what this workspace tracked before its window was closed or reloaded. */
  resume(): Promise<readonly Tracker[]>;
}
