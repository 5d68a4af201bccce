import { errorText } from '../platform/error-text.ts';
import type { Log } from '../platform/log.ts';
import type { HeldSession, JournaledTask } from './journals.ts';
import type { Journal } from './outbox/journal.ts';
import type { JournaledOutbox } from './outbox/journaled-outbox.ts';
import type { FolderLease } from './ownership/folder-lease.ts';
import type { TrackedSession } from './tracked-session.ts';

export interface JournaledSessionParts {
  readonly journal: Journal;
  readonly outbox: JournaledOutbox;
  readonly lease: FolderLease;
  readonly awayMs: number;
  readonly log: Log;
  readonly discardFolder: () => Promise<void>;
  /** This process does not hold it any more. */
  readonly onLetGo: () => void;
}

export class JournaledSession implements HeldSession {
  readonly #parts: JournaledSessionParts;
  #letGo: Promise<void> | undefined;

  constructor(parts: JournaledSessionParts) {
    this.#parts = parts;
  }

  get session(): TrackedSession {
    return this.#parts.journal.state.session;
  }

  get outbox(): JournaledOutbox {
    return this.#parts.outbox;
  }

  get tasks(): readonly JournaledTask[] {
    return this.#parts.journal.state.tasks;
  }

  get ended(): boolean {
    return this.#parts.journal.state.ended;
  }

  get known(): boolean {
    return this.#parts.journal.state.known;
  }

  get home(): string | undefined {
    return this.#parts.journal.state.home;
  }

  get isMoving(): boolean {
    return this.#parts.journal.state.isMoving;
  }

  get awayMs(): number {
    return this.#parts.awayMs;
  }

  stillHeld(): Promise<boolean> {
    return this.#parts.journal.stillHeld();
  }

  /** Writes what there is, and delivers what waits. False where another process holds the session. */
  async begin(): Promise<boolean> {
    await this.#parts.journal.open();
    if (this.#parts.lease.isLost) return false;
    this.#parts.outbox.start();
    return true;
  }

  discard(): Promise<void> {
    return this.#end(this.#parts.discardFolder);
  }

  release(): Promise<void> {
    return this.#end(() => this.#parts.lease.release());
  }

  /** The first of the two counts. */
  #end(leave: () => Promise<void>): Promise<void> {
    this.#letGo ??= this.#leave(leave);
    return this.#letGo;
  }

  async #leave(leave: () => Promise<void>): Promise<void> {
    try {
      await this.#parts.outbox.close();
      await leave();
    } catch (error) {
      this.#parts.log.warn(`Session ${this.session.session_id}: its journal was not left tidy: ${errorText(error)}`);
    } finally {
      this.#parts.onLetGo();
    }
  }
}
