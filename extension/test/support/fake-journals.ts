import type { ApiError } from '@claude-projects/shared/client';
import type { HeldSession, JournaledTask, JournalStart, Journals, Wanted } from '../../src/lifecycle/journals.ts';
import { type Change, isMove } from '../../src/lifecycle/outbox/change.ts';
import type { AddResult, DeliveryHealth, Outbox } from '../../src/lifecycle/outbox/outbox.ts';
import type { TrackedSession } from '../../src/lifecycle/tracked-session.ts';
import { Emitter } from '../../src/platform/emitter.ts';
import type { Learned } from '../../src/sessions/learned.ts';

const thrown = (error: unknown) => {
  throw error;
};

/** Keeps what is added until the test says that it was delivered, or refused. */
export class FakeOutbox implements Outbox {
  readonly waiting: Change[] = [];
  readonly added: Change[] = [];
  health: DeliveryHealth = 'delivering';
  result: AddResult = 'written';
  readonly #healthChanged = new Emitter<DeliveryHealth>(thrown);
  readonly #delivered = new Emitter<Change>(thrown);
  readonly #learned = new Emitter<Learned>(thrown);
  readonly #refused = new Emitter<{ change: Change; error: ApiError }>(thrown);
  readonly #emptied = new Emitter<void>(thrown);
  readonly onDidChangeHealth = this.#healthChanged.event;
  readonly onDidDeliver = this.#delivered.event;
  readonly onDidLearn = this.#learned.event;
  readonly onDidRefuse = this.#refused.event;

  get pending(): number {
    return this.waiting.length;
  }

  async add(change: Change): Promise<AddResult> {
    if (this.result === 'full') return 'full';
    this.waiting.push(change);
    this.added.push(change);
    return this.result;
  }

  deliverAll(): void {
    for (const change of this.waiting.splice(0)) this.#delivered.fire(change);
    this.#emptied.fire();
  }

  /** The next one is delivered, and the API replies with this. */
  answerNext(learned: Learned): void {
    const change = this.waiting.shift();
    if (!change) throw new Error('nothing waits');
    this.#learned.fire(learned);
    this.#delivered.fire(change);
    if (this.waiting.length === 0) this.#emptied.fire();
  }

  refuseNext(error: ApiError): void {
    const change = this.waiting.shift();
    if (!change) throw new Error('nothing waits');
    this.#refused.fire({ change, error });
    if (this.waiting.length === 0) this.#emptied.fire();
  }

  be(health: DeliveryHealth): void {
    this.health = health;
    this.#healthChanged.fire(health);
  }

  whenEmpty(signal: AbortSignal): Promise<void> {
    if (this.pending === 0 || signal.aborted) return Promise.resolve();
    return new Promise((done) => {
      this.#emptied.event(done);
      signal.addEventListener('abort', () => done());
    });
  }

  async close(): Promise<void> {}
}

export class FakeHeldSession implements HeldSession {
  readonly outbox = new FakeOutbox();
  held = true;
  fate: 'held' | 'discarded' | 'released' = 'held';
  readonly session: TrackedSession;
  readonly tasks: readonly JournaledTask[];
  ended = false;
  known: boolean;
  home: string | undefined;
  awayMs = 0;

  get isMoving(): boolean {
    return this.outbox.waiting.some(isMove);
  }

  constructor(session: TrackedSession, start: JournalStart) {
    this.session = session;
    this.tasks = start.origin === 'recovered' ? start.tasks : [];
    this.known = start.origin === 'recovered';
    if (start.origin === 'started') this.outbox.waiting.push(start.create);
  }

  async stillHeld(): Promise<boolean> {
    return this.held;
  }

  async discard(): Promise<void> {
    this.fate = 'discarded';
  }

  async release(): Promise<void> {
    this.fate = 'released';
  }
}

export class FakeJournals implements Journals {
  readonly created: FakeHeldSession[] = [];
  orphans: FakeHeldSession[] = [];
  readonly freed = new Emitter<void>(thrown);
  readonly onDidFree = this.freed.event;
  /** Ids of sessions that other windows hold. */
  readonly heldElsewhere = new Set<string>();

  async create(session: TrackedSession, start: JournalStart): Promise<FakeHeldSession | undefined> {
    if (this.heldElsewhere.has(session.session_id)) return undefined;
    const held = new FakeHeldSession(session, start);
    this.created.push(held);
    return held;
  }

  async any(): Promise<boolean> {
    return this.orphans.length > 0;
  }

  async takeOrphans(wanted: Wanted): Promise<readonly FakeHeldSession[]> {
    const taken = this.orphans.filter(({ session, ended }) => wanted(session, ended));
    this.orphans = this.orphans.filter((orphan) => !taken.includes(orphan));
    return taken;
  }

  get last(): FakeHeldSession {
    const last = this.created.at(-1);
    if (!last) throw new Error('no session was created');
    return last;
  }
}
