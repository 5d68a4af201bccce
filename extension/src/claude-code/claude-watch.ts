import type { Agents } from '../lifecycle/agents.ts';
import type { Files } from '../lifecycle/outbox/files.ts';
import type { FolderLease } from '../lifecycle/ownership/folder-lease.ts';
import { LeaseWatch } from '../lifecycle/ownership/lease-watch.ts';
import { isSame, LEASE_TIMES, Ownership } from '../lifecycle/ownership/ownership.ts';
import type { ProcessIdentity } from '../lifecycle/ownership/process-identity.ts';
import type { TrackedSession } from '../lifecycle/tracked-session.ts';
import type { WindowLifecycle } from '../lifecycle/window-lifecycle.ts';
import { pause } from '../platform/clock.ts';
import { type Disposable, Disposables } from '../platform/disposable.ts';
import { errorText } from '../platform/error-text.ts';
import type { Random } from '../platform/random.ts';
import { isInside } from '../workspace/folder-place.ts';
import type { WorkspacePlaces } from '../workspace/workspace-place.ts';
import type { ClaudeKnown } from './claude-known.ts';
import { type ClaudeState, newState } from './claude-state.ts';
import { Courtesy } from './courtesy.ts';
import { Follower, type FollowerParts } from './follower.ts';
import type { HookRecord } from './hook-record.ts';
import type { Liveness } from './process-look.ts';
import { Register } from './register.ts';
import type { SpooledRecord } from './spool.ts';

export interface ClaudeWatchParts extends Omit<FollowerParts, 'lifecycle' | 'isFollowed' | 'handOver' | 'inTurn'> {
  readonly lifecycle: Pick<WindowLifecycle, 'trackers' | 'start' | 'resumeFollowed' | 'letGo'>;
  readonly places: Pick<WorkspacePlaces, 'current'>;
  readonly files: Files;
  readonly random: Random;
  readonly self: ProcessIdentity;
  /** Of this window, as paths; of a link also what it leads to. */
  readonly folders: () => Promise<readonly string[]>;
  /** Whether this window also follows what begins where no window is open. */
  readonly followsEverywhere: () => boolean;
  /** Where Claude Code keeps what is the user's. */
  readonly claudeFolder: string;
}

/** What this window has to do with a session that nobody follows. */
interface Claim {
  /** It is of a folder, or a terminal, of this window: others give way. */
  readonly isHome: boolean;
  /** For so long a window that is closer to it may take it. */
  readonly waitMs: number;
}

/** For what no hook tells: that a process is gone, and what was written while nobody could be told. */
const TURN_MS = 3000;
const A_STEP_MS = 3000;
const ALL_MS = 500;
/** The editor does not wait much longer for a window to close, and there is more to put down. */
const CLOSING_MS = 1500;
/** The windows hear of a session that begins in the same moment. */
const HEAD_START_MS = 2000;
/** The window that followed it may only be reloading. */
const RELOAD_MS = 15_000;
/** Where nobody can look at a process, it is believed to live as long after it was heard. */
const HEARD_MS = 180_000;
/** Beside the records of a session that a guest follows: a window that is its home has come. */
const WANTED = 'wanted';

/**
 * Follows the sessions of Claude Code that began in a folder of this window, and those that no other window follows,
 * where all of the user's are wanted. Of several windows one follows it: whoever holds the lease on its folder of
 * records. A guest gives it back to a window that is its home.
 */
export class ClaudeWatch implements Disposable, Agents {
  readonly #parts: ClaudeWatchParts;
  readonly #followers = new Map<string, Follower>();
  /** Those of sessions that have no home in this window. */
  readonly #guests = new WeakSet<Follower>();
  /** When folders that are none of ours were changed last. */
  readonly #passed = new Map<string, number>();
  readonly #owned = new Disposables();
  readonly #ownership: Ownership;
  readonly #leases: LeaseWatch;
  readonly #courtesy: Courtesy;
  readonly #register: Register;
  #seenEntries: Register['entries'] = [];
  #settled: Promise<void> = Promise.resolve();
  #turn: Promise<void> = Promise.resolve();
  #isLookWaiting = false;
  #lookedAtAll = Number.NEGATIVE_INFINITY;
  #lookingAtAll: Disposable | undefined;
  #timer: Disposable | undefined;
  #disposed = false;

  constructor(parts: ClaudeWatchParts) {
    this.#parts = parts;
    const { files, clock, random, self } = parts;
    this.#ownership = new Ownership({ files, clock, random, self, times: LEASE_TIMES });
    this.#leases = this.#owned.add(
      new LeaseWatch({
        ownership: this.#ownership,
        clock,
        times: LEASE_TIMES,
        onLapse: () => {
          this.#passed.clear();
          this.look();
        },
      }),
    );
    this.#courtesy = this.#owned.add(
      new Courtesy(clock, () => {
        this.#passed.clear();
        this.look();
      }),
    );
    this.#register = this.#owned.add(new Register(parts));
    this.#owned.add(this.#register.onDidChange(() => this.look()));
  }

  start(): void {
    this.#inTurn(() => this.#register.read());
    this.look();
    this.#inTurn(() => this.#lookAtProcesses());
    this.#settled = this.#turn;
    this.#wait();
  }

  settled(): Promise<void> {
    return this.#settled;
  }

  get isBusy(): boolean {
    return [...this.#followers.values()].some(({ isLive }) => isLive);
  }

  follows(sessionId: string): boolean {
    return this.#followerOf(sessionId) !== undefined;
  }

  knownOf(sessionId: string): ClaudeKnown | undefined {
    return this.#followerOf(sessionId)?.known;
  }

  isFollowed({ session_id, metadata }: TrackedSession): boolean {
    return [...this.#followers.values()].some(({ isLive, session, sessionId }) =>
      // Before the first is known, the window may have died over starting it.
      isLive ? sessionId === session_id : metadata?.['claude_session_id'] === session,
    );
  }

  async livenessOf(sessionId: string): Promise<Liveness> {
    await this.#settled;
    const { spool } = this.#parts;
    for (const session of await spool.sessions()) {
      const state = await spool.state(session);
      if (state === undefined || state === 'newer' || state.phase !== 'live' || state.sessionId !== sessionId) continue;
      return this.#livenessOf(session, state);
    }
    return 'unknown';
  }

  /** What is asked for while another look waits is done with it. */
  look(): void {
    if (this.#isLookWaiting) return;
    this.#isLookWaiting = true;
    this.#inTurn(async () => {
      this.#isLookWaiting = false;
      const { spool } = this.#parts;
      const sorted = await spool.sort();
      // Another window may have sorted what is for this one.
      const others = this.#mayLookAtAll() ? await spool.sessions() : [];
      await this.#lookAt([...new Set([...sorted, ...this.#followers.keys(), ...others])]);
    });
  }

  /** There may be hundreds that are none of this window's, and many hooks a second. */
  #mayLookAtAll(): boolean {
    const { clock } = this.#parts;
    const left = this.#lookedAtAll + ALL_MS - clock.now();
    if (left <= 0 || left > ALL_MS) {
      this.#lookedAtAll = clock.now();
      return true;
    }
    this.#lookingAtAll ??= clock.after(left, () => {
      this.#lookingAtAll = undefined;
      this.look();
    });
    return false;
  }

  /** When everything that was asked for is done. */
  async idle(): Promise<void> {
    for (let turn: unknown; turn !== this.#turn; ) {
      turn = this.#turn;
      await this.#turn;
    }
  }

  dispose(): void {
    this.#stop();
    for (const follower of this.#followers.values()) follower.dispose();
  }

  /** Leaves all as it is, for the next window. */
  async close(): Promise<void> {
    this.#stop();
    const waiting = new AbortController();
    await Promise.race([this.idle(), pause(this.#parts.clock, CLOSING_MS, waiting.signal)]);
    waiting.abort();
    await Promise.all([...this.#followers.values()].map((follower) => follower.release()));
    this.#followers.clear();
  }

  #stop(): void {
    this.#disposed = true;
    this.#timer?.dispose();
    this.#lookingAtAll?.dispose();
    this.#owned.dispose();
  }

  #wait(): void {
    this.#timer = this.#parts.clock.after(TURN_MS, () => {
      if (this.#disposed) return;
      void this.#register.read();
      this.look();
      this.#inTurn(() => this.#lookAtProcesses());
      this.#wait();
    });
  }

  #inTurn(work: () => Promise<void>): void {
    this.#turn = this.#after(this.#turn, work);
  }

  async #after(before: Promise<void>, work: () => Promise<void>): Promise<void> {
    await before;
    if (this.#disposed) return;
    try {
      await work();
    } catch (error) {
      this.#parts.log.error(`What Claude Code reported could not be taken in: ${errorText(error)}`);
    }
  }

  async #lookAt(sessions: readonly string[]): Promise<void> {
    for (const session of sessions) {
      const follower = this.#followers.get(session);
      if (follower) await this.#handOverIfWanted(follower);
      else await this.#claim(session);
    }
    const told = new Set<Follower>();
    for (;;) {
      const followers = await this.#takeIn(sessions);
      if (followers.size === 0 || this.#disposed) break;
      for (const follower of followers) told.add(follower);
    }
    await this.#see(told);
    for (const follower of this.#followers.values()) if (!follower.isLive) await this.#release(follower);
  }

  /** By those of whom something was told just now, and by all where the register has changed. */
  async #see(told: ReadonlySet<Follower>): Promise<void> {
    const { entries } = this.#register;
    const isNew = entries !== this.#seenEntries;
    this.#seenEntries = entries;
    for (const follower of this.#followers.values()) {
      if (!isNew && !told.has(follower)) continue;
      await follower.see(entries.filter(({ session }) => session === follower.session));
    }
  }

  async #lookAtProcesses(): Promise<void> {
    for (const follower of this.#followers.values()) await follower.lookAtProcess();
  }

  /** In the order in which it happened, over all sessions: one may end for another to begin. */
  async #takeIn(sessions: readonly string[]): Promise<ReadonlySet<Follower>> {
    const waiting: { readonly follower: Follower; readonly record: SpooledRecord }[] = [];
    for (const session of sessions) {
      const follower = await this.#readyFollower(session);
      const records = follower ? await this.#parts.spool.records(session) : [];
      if (follower) waiting.push(...records.map((record) => ({ follower, record })));
    }
    waiting.sort((a, b) => a.record.record.at - b.record.record.at);
    for (let from = 0; from < waiting.length; ) {
      const follower = waiting[from]?.follower;
      let to = from + 1;
      while (to < waiting.length && waiting[to]?.follower === follower) to += 1;
      await follower?.takeIn(waiting.slice(from, to).map(({ record }) => record));
      from = to;
    }
    return new Set(waiting.map(({ follower }) => follower));
  }

  async #readyFollower(session: string): Promise<Follower | undefined> {
    const follower = this.#followers.get(session);
    if (!follower) return undefined;
    if (await follower.isHeld()) return (await follower.isReady()) ? follower : undefined;
    follower.dispose();
    this.#followers.delete(session);
    return undefined;
  }

  async #claim(session: string): Promise<void> {
    const { spool, files, clock } = this.#parts;
    const folder = spool.folderOf(session);
    const changedAt = await files.modifiedAt(folder).catch(() => undefined);
    if (changedAt === undefined || this.#passed.get(session) === changedAt) return;
    // Disks tell time in steps: what comes in the same one would look unchanged.
    if (clock.now() - changedAt > A_STEP_MS) this.#passed.set(session, changedAt);
    const claim = await this.#claimOn(session);
    if (!claim) return;
    if (await this.#isHeld(folder)) {
      this.#courtesy.forget(session);
      if (claim.isHome) await spool.mark(session, WANTED);
      return;
    }
    const waitMs = claim.waitMs && Math.max(HEAD_START_MS, claim.waitMs - (await this.#freeForMs(folder)));
    if (waitMs > 0 && !this.#courtesy.hasWaited(session, waitMs)) return;
    const taken = await this.#ownership.take(folder, this.#leases.lapsed(folder));
    this.#courtesy.forget(session);
    if (taken.kind === 'held') return;
    this.#leases.forget(folder);
    await this.#follow(session, taken.lease, claim);
  }

  /** Watched from then on, until it is not. */
  async #isHeld(folder: string): Promise<boolean> {
    const sighting = await this.#ownership.sight(folder);
    if (!sighting || (await this.#ownership.isFree(folder))) return false;
    const lapsed = this.#leases.lapsed(folder);
    if (lapsed && isSame(lapsed, sighting)) return false;
    this.#leases.watch(folder, sighting);
    return true;
  }

  /** None where nobody ever held it, or where the clock was set back. */
  async #freeForMs(folder: string): Promise<number> {
    const { renewedAt } = (await this.#ownership.sight(folder)) ?? {};
    return renewedAt === undefined ? 0 : Math.max(0, this.#parts.clock.now() - renewedAt);
  }

  async #follow(session: string, lease: FolderLease, { isHome }: Claim): Promise<void> {
    const { spool, places, lifecycle, clock } = this.#parts;
    await spool.unmark(session, WANTED);
    // Its owner may have written to it until it was taken.
    const first = (await spool.records(session)).at(0)?.record;
    const state = (await spool.state(session)) ?? newState(first?.cwd ?? '', first?.at ?? clock.now());
    if (state === 'newer') return lease.release();
    const { workspaceId } = await places.current();
    const parts = {
      ...this.#parts,
      lifecycle: isHome ? lifecycle : untethered(lifecycle),
      inTurn: (work: () => Promise<void>) => this.#inTurn(work),
      isFollowed: (id: string) => this.follows(id),
      handOver: async (id: string, record: HookRecord) => (await this.#followerOf(id)?.giveUp(record)) ?? true,
    };
    const workspace = isHome ? workspaceId : state.phase === 'live' ? state.workspace : undefined;
    this.#passed.delete(session);
    const follower = new Follower(parts, session, lease, { ...state, workspace });
    this.#followers.set(session, follower);
    if (!isHome) this.#guests.add(follower);
    await lifecycle.resumeFollowed();
  }

  /** Undefined where it is none of this window's, or nothing is to be done. */
  async #claimOn(session: string): Promise<Claim | undefined> {
    const { spool, followsEverywhere } = this.#parts;
    const state = await spool.state(session);
    if (state === 'newer') return undefined;
    const first = (await spool.records(session)).at(0)?.record;
    if (state?.phase === 'live') {
      const isHome = await this.#isHome(state.cwd, state.workspace);
      return isHome || followsEverywhere() ? { isHome, waitMs: isHome ? 0 : RELOAD_MS } : undefined;
    }
    // What is over and silent is nobody's.
    if (!first) return undefined;
    const { continues, event } = first;
    // Only the window that tracks what is continued can do so.
    const tracks = this.#parts.lifecycle.trackers.some(({ sessionId }) => sessionId === continues);
    if (tracks) return { isHome: true, waitMs: 0 };
    // Where it began; a conversation may be resumed from another folder.
    const isHome = await this.#isHome(event === 'SessionStart' ? first.cwd : (state?.cwd ?? first.cwd));
    if (!isHome && !followsEverywhere()) return undefined;
    return { isHome, waitMs: isHome && continues === undefined ? 0 : HEAD_START_MS };
  }

  async #isHome(cwd: string, workspace?: string): Promise<boolean> {
    const { places, folders } = this.#parts;
    if (workspace !== undefined && workspace === (await places.current()).workspaceId) return true;
    return (await folders()).some((folder) => isInside(cwd, folder));
  }

  async #handOverIfWanted(follower: Follower): Promise<void> {
    const { spool, lifecycle } = this.#parts;
    const { session, sessionId } = follower;
    if (!this.#guests.has(follower) || !(await spool.isMarked(session, WANTED))) return;
    // A folder may have been added to this window.
    if ((await this.#claimOn(session))?.isHome) return;
    this.#followers.delete(session);
    follower.dispose();
    if (sessionId !== undefined) this.#parts.onDidChangeKnown(sessionId);
    // Where the other window is gone again, this one may take it once more.
    await spool.unmark(session, WANTED);
    const tracker = lifecycle.trackers.find((other) => other.sessionId === sessionId);
    // First, so that whoever follows it next finds it.
    if (tracker) await lifecycle.letGo(tracker);
    await follower.release();
    this.#parts.log.info(`Another window goes on with Claude Code's session ${session}.`);
  }

  async #release(follower: Follower): Promise<void> {
    this.#followers.delete(follower.session);
    await follower.release();
  }

  #followerOf(sessionId: string): Follower | undefined {
    return [...this.#followers.values()].find((follower) => follower.sessionId === sessionId);
  }

  async #livenessOf(session: string, { processes, seenAt }: ClaudeState): Promise<Liveness> {
    if (this.#register.entries.some((entry) => entry.session === session)) return 'alive';
    const seen = new Set(await Promise.all(processes.map((process) => this.#parts.look(process, process.seenAt))));
    if (seen.has('alive')) return 'alive';
    if (seen.has('gone') && !seen.has('unknown')) return 'gone';
    const heardAt = (await this.#parts.spool.records(session)).at(-1)?.record.at ?? seenAt;
    return this.#parts.clock.now() - heardAt < HEARD_MS ? 'alive' : 'unknown';
  }
}

/** What a guest starts belongs to no workspace: another window may have to go on with it. */
function untethered(lifecycle: ClaudeWatchParts['lifecycle']): FollowerParts['lifecycle'] {
  return {
    get trackers() {
      return lifecycle.trackers;
    },
    start: (options, how) => lifecycle.start(options, { ...how, untethered: true }),
  };
}
