import { ApiError } from '@claude-projects/shared/client';
import { type Connection, homeOf, mayComeBack } from '../../connection/connection.ts';
import { requestedWaitMs } from '../../connection/requested-wait.ts';
import { type Backoff, backoffMs } from '../../platform/backoff.ts';
import { type Clock, pause } from '../../platform/clock.ts';
import { Disposables } from '../../platform/disposable.ts';
import { Emitter, type Event } from '../../platform/emitter.ts';
import { errorText } from '../../platform/error-text.ts';
import type { Log } from '../../platform/log.ts';
import type { Random } from '../../platform/random.ts';
import type { Learned } from '../../sessions/learned.ts';
import { nextSlot } from '../../workspace/derived-place.ts';
import { type Change, isPlacing, type Placing, toSlot } from './change.ts';
import type { Journal } from './journal.ts';
import { endsSession, type Waiting } from './journal-state.ts';
import type { AddResult, DeliveryHealth, Outbox } from './outbox.ts';
import { asApiError, isRefusal } from './refusal.ts';
import { sendChange } from './send-change.ts';

export interface JournaledOutboxParts {
  readonly journal: Journal;
  readonly connection: Connection;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  /** That of a session which was in the same place before, and whose end is still to be delivered. */
  readonly former: () => JournaledOutbox | undefined;
}

const BACKOFF: Backoff = { firstMs: 1_000, capMs: 60_000 };
/** The first try and three more. */
const TRIES_BEFORE_DEGRADED = 4;
/** So many taken places in a row are tried without a pause. */
const PLACES_AT_ONCE = 16;

export class JournaledOutbox implements Outbox {
  readonly #parts: JournaledOutboxParts;
  readonly #owned = new Disposables();
  readonly #healthChanged: Emitter<DeliveryHealth>;
  readonly #delivered: Emitter<Change>;
  readonly #learned: Emitter<Learned>;
  readonly #refused: Emitter<{ readonly change: Change; readonly error: ApiError }>;
  readonly #closed = new AbortController();
  readonly #whenEmpty = new Set<() => void>();
  #health: DeliveryHealth = 'delivering';
  #run: Promise<void> | undefined;
  #failures = 0;
  #takenPlaces = 0;
  #wake: (() => void) | undefined;

  constructor(parts: JournaledOutboxParts) {
    this.#parts = parts;
    const emitter = <T>() =>
      this.#owned.add(new Emitter<T>((error) => parts.log.error(`A listener failed: ${errorText(error)}`)));
    this.#healthChanged = emitter();
    this.#delivered = emitter();
    this.#learned = emitter();
    this.#refused = emitter();
    this.#owned.add(parts.connection.onDidChange(() => this.#wake?.()));
  }

  get pending(): number {
    return this.#state.pending;
  }

  get health(): DeliveryHealth {
    return this.#health;
  }

  get waiting(): readonly Change[] {
    return this.#state.waiting;
  }

  /** Whether something waits, and is to leave from here by itself. */
  get isUnderWay(): boolean {
    return this.pending > 0 && !this.#isClosed;
  }

  get onDidChangeHealth(): Event<DeliveryHealth> {
    return this.#healthChanged.event;
  }

  get onDidDeliver(): Event<Change> {
    return this.#delivered.event;
  }

  get onDidLearn(): Event<Learned> {
    return this.#learned.event;
  }

  get onDidRefuse(): Event<{ readonly change: Change; readonly error: ApiError }> {
    return this.#refused.event;
  }

  async add(change: Change): Promise<AddResult> {
    if (this.#isClosed || this.#state.hopeless) return 'closed';
    if (!endsSession(change) && !this.#state.hasRoomFor(change)) return 'full';
    const result = await this.#parts.journal.record({ entry: 'change', seq: this.#state.next, change });
    this.start();
    return result;
  }

  /** Delivers what waits. What is added later starts it by itself. */
  start(): void {
    if (this.#run || this.#isClosed || this.pending === 0) return;
    this.#run = this.#deliverWhatWaits();
  }

  whenEmpty(signal: AbortSignal): Promise<void> {
    // While it still delivers, not all have heard of the last one.
    if ((this.pending === 0 && !this.#run) || signal.aborted || this.#isClosed) return Promise.resolve();
    return new Promise((resolve) => {
      const end = () => {
        this.#whenEmpty.delete(end);
        signal.removeEventListener('abort', end);
        this.#closed.signal.removeEventListener('abort', end);
        resolve();
      };
      this.#whenEmpty.add(end);
      signal.addEventListener('abort', end);
      this.#closed.signal.addEventListener('abort', end);
    });
  }

  async close(): Promise<void> {
    this.#closed.abort();
    await this.#run;
    await this.#parts.journal.close();
    this.#owned.dispose();
  }

  get #state() {
    return this.#parts.journal.state;
  }

  get #isClosed(): boolean {
    return this.#closed.signal.aborted;
  }

  async #deliverWhatWaits(): Promise<void> {
    try {
      await this.#deliverAll();
    } catch (error) {
      this.#parts.log.error(`${this.#name}: delivery stopped: ${errorText(error)}`);
      return;
    } finally {
      this.#run = undefined;
    }
    if (this.pending === 0) for (const end of this.#whenEmpty) end();
    // Something may have been added just when it had come to its end.
    else this.start();
  }

  async #deliverAll(): Promise<void> {
    for (let head = this.#state.head; head && !this.#isClosed; head = this.#state.head) {
      if (head.change.kind === 'create-session') await this.#letFormerEnd();
      if (this.#isClosed) return;
      if (!(await this.#parts.journal.stillHeld())) return this.#giveUp();
      const answer = await this.#try(head.change);
      if (this.#isClosed) return;
      if (!(answer instanceof ApiError)) await this.#settle(head, answer);
      else if (answer.code === 'ACTIVE_SESSION_EXISTS' && isPlacing(head.change)) {
        await this.#moveOn(head.seq, head.change, answer);
      } else if (isRefusal(answer)) await this.#refuse(head, answer);
      else await this.#waitAfter(answer);
    }
  }

  /** The API takes no session in a place before the one that was there has ended: so here they go in their order. */
  async #letFormerEnd(): Promise<void> {
    for (let former = this.#parts.former(); former && !this.#isClosed; former = this.#parts.former()) {
      // How this one fares hangs on that one.
      this.#become(former.health);
      const changed = new AbortController();
      const listening = former.onDidChangeHealth(() => changed.abort());
      await former.whenEmpty(AbortSignal.any([changed.signal, this.#closed.signal]));
      listening.dispose();
    }
  }

  async #try(change: Change): Promise<Learned | ApiError | undefined> {
    try {
      return await sendChange(this.#parts.connection, change, this.#closed.signal);
    } catch (error) {
      return asApiError(error);
    }
  }

  async #settle({ seq, change }: Waiting, reply: Learned | undefined): Promise<void> {
    const { address } = this.#parts.connection;
    const home = change.kind === 'create-session' && address ? { home: homeOf(address) } : {};
    const recorded = this.#parts.journal.record({ entry: 'delivered', seq, ...home });
    // Now the change has left `waiting`. The screen needs the reply in the same moment, not after the disk.
    if (reply) this.#learned.fire(reply);
    // On the disk before the next one leaves: so after a crash at most one is sent a second time.
    await recorded;
    this.#failures = 0;
    this.#takenPlaces = 0;
    this.#become('delivering');
    this.#delivered.fire(change);
  }

  /** On the disk before the next place is tried: whatever happens to this process, the session is created once. */
  async #moveOn(seq: number, change: Placing, error: ApiError): Promise<void> {
    const slot = nextSlot(change.body.docker_slot, this.#state.session.session_id);
    this.#parts.log.info(`${this.#name}: its place is taken, so it takes one of its own: ${errorText(error)}`);
    await this.#parts.journal.record({ entry: 'change', seq, change: toSlot(change, slot) });
    this.#takenPlaces += 1;
    if (this.#takenPlaces % PLACES_AT_ONCE === 0) await this.#waitAfter(error);
  }

  async #refuse({ seq, change }: Waiting, error: ApiError): Promise<void> {
    const { journal, log } = this.#parts;
    this.#failures = 0;
    const why = `${errorText(error)} [${error.code}, ${error.requestId ?? 'no request id'}]`;
    const { code, message, requestId = null } = error;
    await journal.record({ entry: 'refused', seq, code, message, request_id: requestId });
    const others = change.kind === 'create-session' ? this.pending : 0;
    if (change.kind === 'create-session') await journal.record({ entry: 'hopeless' });
    const rest = others > 0 ? `, and with it the ${others} that follow` : '';
    log.warn(`${this.#name}: the API refuses ${nameOf(change)}; it is set aside${rest}: ${why}`);
    this.#become('delivering');
    this.#refused.fire({ change, error });
  }

  async #waitAfter(error: ApiError): Promise<void> {
    const { connection, clock, random, log } = this.#parts;
    this.#failures += 1;
    if (this.#failures === 1) log.debug(`${this.#name}: not delivered yet: ${errorText(error)}`);
    const mustWaitForPeople = !mayComeBack(connection.state);
    this.#become(mustWaitForPeople || this.#failures >= TRIES_BEFORE_DEGRADED ? 'degraded' : 'retrying');
    const woken = new AbortController();
    const giveUp = () => woken.abort();
    this.#closed.signal.addEventListener('abort', giveUp);
    const asked = requestedWaitMs(error);
    // While the API asks to be left alone, a call of somebody else that went through changes nothing.
    this.#wake = () => {
      if (asked === 0 && connection.state.kind === 'online') woken.abort();
      if (mustWaitForPeople && mayComeBack(connection.state)) woken.abort();
    };
    if (mustWaitForPeople) await aborted(woken.signal, this.#closed.signal);
    else await pause(clock, Math.max(asked, backoffMs(BACKOFF, this.#failures, random)), woken.signal);
    this.#wake = undefined;
    this.#closed.signal.removeEventListener('abort', giveUp);
  }

  /** Another process has the journal, and all that waits. */
  #giveUp(): void {
    this.#parts.log.info(`${this.#name}: another window goes on with it.`);
    this.#closed.abort();
  }

  #become(health: DeliveryHealth): void {
    if (this.#health === health) return;
    this.#health = health;
    this.#healthChanged.fire(health);
  }

  get #name(): string {
    return `Session ${this.#state.session.session_id}`;
  }
}

function aborted(...signals: readonly AbortSignal[]): Promise<void> {
  const any = AbortSignal.any([...signals]);
  return new Promise((resolve) => {
    if (any.aborted) resolve();
    any.addEventListener('abort', () => resolve());
  });
}

function nameOf(change: Change): string {
  switch (change.kind) {
    case 'create-session':
      return 'the session';
    case 'update-session':
      return `"${change.body.status ?? 'a change'}" of the session`;
    case 'fail-session':
      return 'the failure of the session';
    case 'create-task':
      return `the task ${change.body.task_id ?? change.body.task_name}`;
    case 'update-task':
      return `"${change.body.status ?? 'a change'}" of task ${change.task_id}`;
    case 'delete-task':
      return `the removal of task ${change.task_id}`;
    default:
      return change satisfies never;
  }
}
