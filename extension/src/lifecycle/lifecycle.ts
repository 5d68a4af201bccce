import type { Session } from '@claude-projects/shared/contract';
import type { Result, StartOrchestrationOptions } from '../../api.d.ts';
import type { Event } from '../platform/emitter.ts';
import type { Tracker } from './tracker.ts';

/** All sessions of this window. */
export interface Lifecycle {
  /** Those that have not ended, the oldest first. */
  readonly trackers: readonly Tracker[];
  readonly onDidStart: Event<Tracker>;
  /** One of them changed its state, its tasks or its activity. */
  readonly onDidChange: Event<Tracker>;
  start(options: StartOrchestrationOptions): Promise<Result<Tracker>>;
  /** Goes on with a session that exists in the API already, because this window recovered it. */
  adopt(session: Session): Promise<Tracker>;
  /** Goes on with what this workspace tracked before its window was closed or reloaded. */
  resume(): Promise<readonly Tracker[]>;
}
