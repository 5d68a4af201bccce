import type { ApiError } from '@claude-projects/shared/client';
import type { Event } from '../../platform/emitter.ts';
import type { Learned } from '../../sessions/learned.ts';
import type { Change } from './change.ts';

export type DeliveryHealth =
  /** Nothing waits, or what waits is under way. */
  | 'delivering'
  /** The last tries failed; more follow soon. */
  | 'retrying'
  /** It failed often enough that people are told. It goes on trying. */
  | 'degraded';

export type AddResult =
  /** In the journal: it survives the end of this process. */
  | 'written'
  /** The disk refused it. It is kept in memory, delivered from there, and written once the disk takes it. */
  | 'kept-in-memory'
  /** The bound is reached: it is not kept. */
  | 'full'
  /** The journal was closed, another process has it now, or the API refused the session: it is not kept. */
  | 'closed';

/** The changes of one session on their way to the API: durable, in order, each exactly once. */
export interface Outbox {
  readonly pending: number;
  /** In the order in which it leaves. */
  readonly waiting: readonly Change[];
  readonly health: DeliveryHealth;
  readonly onDidChangeHealth: Event<DeliveryHealth>;
  readonly onDidDeliver: Event<Change>;
  /** The API's reply. Fires in the moment in which the change leaves `waiting`, before `onDidDeliver`. */
  readonly onDidLearn: Event<Learned>;
  /**
   * The API refused it for good; it was set aside and no longer blocks what follows. With a `create-session` all that
   * waits is set aside, since it hangs on the session. A taken place is no refusal: the session goes to the next one.
   */
  readonly onDidRefuse: Event<{ readonly change: Change; readonly error: ApiError }>;
  /** Resolves when it is written, long before it is delivered. Never rejects. */
  add(change: Change): Promise<AddResult>;
  /** Resolves when nothing waits any more here, also because the journal was closed; or when the signal aborts. */
  whenEmpty(signal: AbortSignal): Promise<void>;
  /** Stops delivery and closes the journal; what waits stays in it. */
  close(): Promise<void>;
}
