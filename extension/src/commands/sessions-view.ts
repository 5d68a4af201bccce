import type { Session } from '@claude-projects/shared/client';
import type { Event } from '../platform/emitter.ts';
import type { Learned } from '../sessions/learned.ts';

/** The sessions as this window knows them, including own ones that the API has not heard of. */
export interface SessionsView {
  /** Whether the API has answered. Until then only own sessions are known. */
  readonly wasRead: boolean;
  all(): readonly Session[];
  find(sessionId: string): Session | undefined;
  /** As of now: the one in the record is as of when it was read, and silence grows meanwhile. */
  healthOf(session: Session): Session['health'];
  /** Reads them anew. Never rejects: what went wrong is the state of the connection. */
  refresh(): Promise<void>;
  /** Shows the reply to a command at once. A reading follows soon. */
  learn(learned: Learned): void;
  readonly onDidChange: Event<void>;
}

/** What commands do to the tree of sessions. */
export interface SessionsTree {
  /** The words that sessions are filtered by; empty for all. */
  readonly filter: string;
  setFilter(words: string): void;
  loadMore(): Promise<void>;
  /** Opens the view and selects the session, if it is there; `expand` opens its tasks too. Never rejects. */
  reveal(sessionId: string, options?: { readonly expand: boolean }): Promise<void>;
}
