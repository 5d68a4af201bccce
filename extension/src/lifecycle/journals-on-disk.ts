import { basename, join } from 'node:path';
import { Uuid } from '@claude-projects/shared/contract';
import { type Connection, homeOf } from '../connection/connection.ts';
import type { Clock } from '../platform/clock.ts';
import { type Disposable, Disposables } from '../platform/disposable.ts';
import { Emitter, type Event } from '../platform/emitter.ts';
import { errorText } from '../platform/error-text.ts';
import type { Log } from '../platform/log.ts';
import type { Random } from '../platform/random.ts';
import type { HeldSession, JournalStart, Journals, Wanted } from './journals.ts';
import { JournaledSession } from './journals-session.ts';
import { type Files, systemErrorCode, systemFiles } from './outbox/files.ts';
import { Journal } from './outbox/journal.ts';
import { JournalState } from './outbox/journal-state.ts';
import { JournaledOutbox } from './outbox/journaled-outbox.ts';
import { readJournal } from './outbox/read-journal.ts';
import { DRAFT_PREFIX, type FolderLease, GONE_PREFIX } from './ownership/folder-lease.ts';
import { LeaseWatch } from './ownership/lease-watch.ts';
import { LEASE_TIMES, type LeaseTimes, Ownership, type Taken } from './ownership/ownership.ts';
import { type ProcessIdentity, thisProcess } from './ownership/process-identity.ts';
import { isSamePlace, type TrackedSession } from './tracked-session.ts';

export interface JournalsOnDiskParts {
  /** Of this user's editors, all together. It need not exist. */
  readonly root: string;
  readonly connection: Connection;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly files?: Files;
  readonly self?: ProcessIdentity;
  readonly times?: LeaseTimes;
}

/** What was being made or removed this long ago is not any more: its process died over it. */
const SWEEP_AFTER_MS = 24 * 3_600_000;
const DAMAGED = 'damaged';
const HELD = { kind: 'held', sighting: undefined } as const;

/** `<root>/sessions/<session id>/`: one folder for each session, with a journal and the file that says who owns it. */
export class JournalsOnDisk implements Journals, Disposable {
  readonly #parts: JournalsOnDiskParts;
  readonly #files: Files;
  readonly #folder: string;
  readonly #ownership: Ownership;
  readonly #watch: LeaseWatch;
  readonly #owned = new Disposables();
  readonly #freed: Emitter<void>;
  /** By the ids of their sessions, in the order in which they came here. */
  readonly #held = new Map<string, JournaledSession>();

  constructor(parts: JournalsOnDiskParts) {
    const { clock, random, log, files = systemFiles, self = thisProcess(), times = LEASE_TIMES } = parts;
    this.#parts = parts;
    this.#files = files;
    this.#folder = join(parts.root, 'sessions');
    this.#ownership = new Ownership({ files, clock, random, self, times });
    this.#freed = this.#owned.add(new Emitter((error) => log.error(`A listener failed: ${errorText(error)}`)));
    this.#watch = this.#owned.add(
      new LeaseWatch({ ownership: this.#ownership, clock, times, onLapse: () => this.#freed.fire() }),
    );
  }

  /**
   * A journal that was wanted, and that somebody seemed to hold, turned out to be nobody's: `takeOrphans` has it now.
   * This takes a lease's time, and happens where an owner died on another machine, or its pid is in use again.
   */
  get onDidFree(): Event<void> {
    return this.#freed.event;
  }

  async create(session: TrackedSession, start: JournalStart): Promise<HeldSession | undefined> {
    const { session_id } = session;
    const folder = join(this.#folder, session_id);
    const former = this.#held.has(session_id) ? HELD : await this.#take(folder);
    if (former?.kind === 'held') return this.#heldElsewhere(session_id);
    const state = await this.#begin(session, start, former && folder);
    const held = this.#open(former?.lease ?? this.#ownership.newLease(folder), state, 0);
    if (await held.begin()) return held;
    await held.release();
    return this.#heldElsewhere(session_id);
  }

  async any(): Promise<boolean> {
    return (await this.#names()).length > 0;
  }

  async takeOrphans(wanted: Wanted): Promise<readonly HeldSession[]> {
    const taken: JournaledSession[] = [];
    for (const name of await this.#names()) {
      const folder = join(this.#folder, name);
      try {
        if (name.startsWith(DRAFT_PREFIX) || name.startsWith(GONE_PREFIX)) await this.#sweep(folder);
        else if (Uuid.safeParse(name).success && !this.#held.has(name)) {
          const held = await this.#takeOrphan(folder, wanted);
          if (held) taken.push(held);
        }
      } catch (error) {
        // Where it is gone, another window was faster.
        if (systemErrorCode(error) !== 'ENOENT') {
          this.#parts.log.warn(`The journal in ${folder} cannot be taken over: ${errorText(error)}`);
        }
      }
    }
    // Not before all are known: those of one place are delivered in their order.
    for (const held of taken) await held.begin();
    return taken;
  }

  dispose(): void {
    this.#owned.dispose();
  }

  async #takeOrphan(folder: string, wanted: Wanted): Promise<JournaledSession | undefined> {
    const peek = await readJournal(this.#files, folder);
    if (peek.kind === 'newer') return undefined;
    if (peek.kind === 'read' && isForNewerVersion(peek.state)) return undefined;
    if (peek.kind === 'read' && !wanted(peek.state.session, peek.state.ended)) return undefined;
    const taken = await this.#ownership.take(folder, this.#watch.lapsed(folder));
    if (taken.kind === 'held') {
      if (taken.sighting) this.#watch.watch(folder, taken.sighting);
      return undefined;
    }
    this.#watch.forget(folder);
    try {
      return await this.#goOn(taken.lease, taken.awayMs);
    } catch (error) {
      // Another window may be luckier.
      await taken.lease.release().catch(() => undefined);
      throw error;
    }
  }

  /** Undefined where nothing is left to go on with. */
  async #goOn(lease: FolderLease, awayMs: number): Promise<JournaledSession | undefined> {
    // Its owner may have written to it until it was taken.
    const read = await readJournal(this.#files, lease.folder);
    if (read.kind === 'damaged') {
      await this.#putAside(lease);
      return undefined;
    }
    const state = read.kind === 'read' ? read.state : undefined;
    if (read.kind === 'newer' || (state && isForNewerVersion(state))) {
      await lease.release();
      return undefined;
    }
    if (!state || state.isOver) {
      await this.#delete(lease);
      return undefined;
    }
    if (read.kind === 'read' && read.lostBytes > 0) this.#tellOfLoss(state.session.session_id, read.lostBytes);
    return this.#open(lease, state, awayMs);
  }

  #open(lease: FolderLease, state: JournalState, awayMs: number): JournaledSession {
    const { connection, clock, random, log } = this.#parts;
    const { session_id } = state.session;
    const journal = new Journal({ files: this.#files, clock, random, log, lease, state });
    const former = () => this.#formerOf(state.session);
    const outbox = new JournaledOutbox({ journal, connection, clock, random, log, former });
    const held = new JournaledSession({
      journal,
      outbox,
      lease,
      awayMs,
      discardFolder: () => (state.hasForeign ? lease.release() : this.#delete(lease)),
      onLetGo: () => this.#letGo(held),
      log,
    });
    this.#held.set(session_id, held);
    return held;
  }

  /** Of those in the same place the first that has ended, and whose end can still be delivered. */
  #formerOf(session: TrackedSession): JournaledOutbox | undefined {
    let isBefore = true;
    for (const { session: other, outbox, ended } of this.#held.values()) {
      if (other.session_id === session.session_id) {
        isBefore = false;
        continue;
      }
      if (!ended || !outbox.isUnderWay || !isSamePlace(other, session)) continue;
      if (other.since < session.since || (other.since === session.since && isBefore)) return outbox;
    }
    return undefined;
  }

  #letGo(held: JournaledSession): void {
    const { session_id } = held.session;
    if (this.#held.get(session_id) === held) this.#held.delete(session_id);
  }

  /** What the session starts from; of a folder that was taken over, what still waits in it is kept. */
  async #begin(session: TrackedSession, start: JournalStart, formerFolder?: string): Promise<JournalState> {
    const former = formerFolder === undefined ? undefined : await this.#formerState(formerFolder);
    const state = former ?? new JournalState(session);
    const { address } = this.#parts.connection;
    const home = address && homeOf(address);
    if (start.origin === 'recovered') state.recall({ tasks: start.tasks, known: true, home });
    else if (!former) state.apply({ entry: 'change', seq: state.next, change: start.create });
    return state;
  }

  async #formerState(folder: string): Promise<JournalState | undefined> {
    try {
      const read = await readJournal(this.#files, folder);
      return read.kind === 'read' ? read.state : undefined;
    } catch (error) {
      this.#parts.log.warn(`The journal in ${folder} cannot be read: ${errorText(error)}`);
      return undefined;
    }
  }

  /** Undefined where there is none yet, as is the rule. */
  async #take(folder: string): Promise<Taken | undefined> {
    const isNewer = await readJournal(this.#files, folder).then(
      ({ kind }) => kind === 'newer',
      () => false,
    );
    if (isNewer) return { kind: 'held', sighting: undefined };
    try {
      return await this.#ownership.take(folder);
    } catch {
      // Whatever else is the matter shows when the journal is written.
      return undefined;
    }
  }

  async #names(): Promise<readonly string[]> {
    try {
      return await this.#files.list(this.#folder);
    } catch (error) {
      if (systemErrorCode(error) !== 'ENOENT') {
        this.#parts.log.warn(`The journals in ${this.#folder} cannot be read: ${errorText(error)}`);
      }
      return [];
    }
  }

  /** Kept for somebody to look at. */
  async #putAside(lease: FolderLease): Promise<void> {
    const { random, log } = this.#parts;
    const aside = join(this.#folder, DAMAGED);
    const to = join(aside, `${basename(lease.folder)}.${random.uuid()}`);
    await this.#files.makeFolder(aside);
    await this.#files.rename(lease.folder, to);
    lease.dispose();
    log.error(`The journal of a session is damaged beyond reading. It was moved to ${to}.`);
  }

  /** At one stroke, so that nobody finds half of it. */
  async #delete(lease: FolderLease): Promise<void> {
    const state = await lease.look();
    lease.dispose();
    if (state !== 'held') return;
    const gone = join(this.#folder, GONE_PREFIX + this.#parts.random.uuid());
    try {
      await this.#files.rename(lease.folder, gone);
      await this.#files.remove(gone);
    } catch (error) {
      this.#parts.log.warn(`A journal that is not needed any more cannot be removed: ${errorText(error)}`);
    }
  }

  async #sweep(folder: string): Promise<void> {
    if (this.#parts.clock.now() - (await this.#files.modifiedAt(folder)) > SWEEP_AFTER_MS) {
      await this.#files.remove(folder);
    }
  }

  #heldElsewhere(sessionId: string): undefined {
    this.#parts.log.info(`Session ${sessionId} is tracked by another window already.`);
  }

  #tellOfLoss(sessionId: string, bytes: number): void {
    this.#parts.log.warn(
      `The journal of session ${sessionId} was damaged: ${bytes} bytes of it could not be read, the rest was kept.`,
    );
  }
}

/** All that is left in it are entries that only a newer version understands. */
function isForNewerVersion(state: JournalState): boolean {
  return state.isOver && state.hasForeign;
}
