import type { Event } from '../platform/emitter.ts';
import type { Change } from './outbox/change.ts';
import type { JournaledTask } from './outbox/journaled-task.ts';
import type { Outbox } from './outbox/outbox.ts';
import type { TrackedSession } from './tracked-session.ts';

export type { JournaledTask } from './outbox/journaled-task.ts';

/** A session that is created begins with that change; one that was recovered begins with the tasks it has. */
export type JournalStart =
  | { readonly origin: 'started'; readonly create: Change }
  | { readonly origin: 'recovered'; readonly tasks: readonly JournaledTask[] };

/** A session's journal, held by this process alone. */
export interface HeldSession {
  readonly session: TrackedSession;
  readonly outbox: Outbox;
  /** In the order in which they were created. */
  readonly tasks: readonly JournaledTask[];
  /** The last recorded change ended the session; all that is left is to deliver. */
  readonly ended: boolean;
  /** Whether the API knows the session: its create was delivered, or it was recovered. */
  readonly known: boolean;
  /** Which API that was; undefined where it is not sure. */
  readonly home: string | undefined;
  /** A change that moves the session to another slot waits to be delivered. */
  readonly isMoving: boolean;
  /** For how long nobody held it before this process did: 0 for one that was just created. */
  readonly awayMs: number;
  /** True until another process took the journal over, which may happen after this machine was asleep. */
  stillHeld(): Promise<boolean>;
  /** Deletes the journal: nothing of it is needed any more. */
  discard(): Promise<void>;
  /** Closes it for another process, or for this one later. */
  release(): Promise<void>;
}

/** `ended`: all that is left of it is to be delivered. */
export type Wanted = (session: TrackedSession, ended: boolean) => boolean;

/** The journals of all windows of this machine. A journal is held by one process at a time. */
export interface Journals {
  /**
   * Undefined where another process holds the session. Never rejects: where the disk refuses, the session lives in
   * memory alone, and the log says so.
   */
  create(session: TrackedSession, start: JournalStart): Promise<HeldSession | undefined>;
  /** Whether there are any at all: one look at one folder. Never rejects. */
  any(): Promise<boolean>;
  /** Takes those that nobody holds and that the filter wants. */
  takeOrphans(wanted: Wanted): Promise<readonly HeldSession[]>;
  /** One that was wanted, and that somebody seemed to hold, turned out to be nobody's. */
  readonly onDidFree: Event<void>;
}
