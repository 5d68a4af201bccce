import type { Files } from '../lifecycle/outbox/files.ts';
import { LeaseWatch } from '../lifecycle/ownership/lease-watch.ts';
import { LEASE_TIMES, Ownership } from '../lifecycle/ownership/ownership.ts';
import type { ProcessIdentity } from '../lifecycle/ownership/process-identity.ts';
import type { WindowLifecycle } from '../lifecycle/window-lifecycle.ts';
import { pause } from '../platform/clock.ts';
import { type Disposable, Disposables } from '../platform/disposable.ts';
import { errorText } from '../platform/error-text.ts';
import type { Random } from '../platform/random.ts';
import { isInside } from '../workspace/folder-place.ts';
import type { WorkspacePlaces } from '../workspace/workspace-place.ts';
import { newState } from './claude-state.ts';
import { Follower, type FollowerParts } from './follower.ts';
import type { SpooledRecord } from './spool.ts';

export interface ClaudeWatchParts extends Omit<FollowerParts, 'lifecycle' | 'isFollowed' | 'inTurn'> {
  readonly lifecycle: Pick<WindowLifecycle, 'trackers' | 'start' | 'resume'>;
  readonly places: Pick<WorkspacePlaces, 'current'>;
  readonly files: Files;
  readonly random: Random;
  readonly self: ProcessIdentity;
  /** Of this window, as paths; of a link also what it leads to. */
  readonly folders: () => Promise<readonly string[]>;
}

/** For what no hook tells: that a process is gone, and what was written while nobody could be told. */
const TURN_MS = 5000;
const A_STEP_MS = 3000;
/** The editor does not wait much longer for a window to close, and there is more to put down. */
const CLOSING_MS = 1500;

/**
 * Follows the sessions of Claude Code that began in a folder of this window. Of several windows with that folder one
 * follows it: whoever holds the lease on its folder of records.
 */
export class ClaudeWatch implements Disposable {
  readonly #parts: ClaudeWatchParts;
  readonly #followers = new Map<string, Follower>();
  /** When folders that are none of ours were changed last. */
  readonly #passed = new Map<string, number>();
  readonly #owned = new Disposables();
  readonly #ownership: Ownership;
  readonly #leases: LeaseWatch;
  #turn: Promise<void> = Promise.resolve();
  #waiting: { all: boolean; readonly sessions: Set<string> } | undefined;
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
  }

  start(): void {
    this.look();
    this.#wait();
  }

  get isBusy(): boolean {
    return [...this.#followers.values()].some(({ isLive }) => isLive);
  }

  isFollowed(sessionId: string): boolean {
    return [...this.#followers.values()].some((follower) => follower.sessionId === sessionId);
  }

  /** At one session of Claude Code, or at all. What is asked for while another look waits is done with it. */
  look(session?: string): void {
    if (session !== undefined) this.#passed.delete(session);
    if (this.#waiting) {
      if (session === undefined) this.#waiting.all = true;
      else this.#waiting.sessions.add(session);
      return;
    }
    const wanted = { all: session === undefined, sessions: new Set(session === undefined ? [] : [session]) };
    this.#waiting = wanted;
    this.#inTurn(async () => {
      this.#waiting = undefined;
      await this.#lookAt(wanted.all ? await this.#parts.spool.sessions() : [...wanted.sessions]);
    });
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
    this.#owned.dispose();
  }

  #wait(): void {
    this.#timer = this.#parts.clock.after(TURN_MS, () => {
      if (this.#disposed) return;
      this.look();
      this.#inTurn(async () => {
        for (const follower of this.#followers.values()) await follower.lookAtProcess();
      });
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
      if (!this.#followers.has(session)) await this.#claim(session);
    }
    for (;;) {
      const taken = await this.#takeIn(sessions);
      if (!taken || this.#disposed) break;
    }
    for (const session of sessions) await this.#letGoIfOver(session);
  }

  /** In the order in which it happened, over all sessions: one may end for another to begin. */
  async #takeIn(sessions: readonly string[]): Promise<boolean> {
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
    return waiting.length > 0;
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
    const { spool, files, places, clock } = this.#parts;
    const folder = spool.folderOf(session);
    const changedAt = await files.modifiedAt(folder).catch(() => undefined);
    if (changedAt === undefined || this.#passed.get(session) === changedAt) return;
    // Disks tell time in steps: what comes in the same one would look unchanged.
    if (clock.now() - changedAt > A_STEP_MS) this.#passed.set(session, changedAt);
    const { workspaceId } = await places.current();
    if (!(await this.#isOurs(session, workspaceId))) return;
    const taken = await this.#ownership.take(folder, this.#leases.lapsed(folder));
    if (taken.kind === 'held') {
      if (taken.sighting) this.#leases.watch(folder, taken.sighting);
      return;
    }
    this.#leases.forget(folder);
    // Its owner may have written to it until it was taken.
    const first = (await spool.records(session)).at(0)?.record;
    const state = (await spool.state(session)) ?? newState(first?.cwd ?? '', first?.at ?? clock.now());
    if (state === 'newer') return taken.lease.release();
    if (state.phase === 'live') await this.#parts.lifecycle.resume();
    this.#passed.delete(session);
    const parts = {
      ...this.#parts,
      inTurn: (work: () => Promise<void>) => this.#inTurn(work),
      isFollowed: (id: string) => this.isFollowed(id),
    };
    this.#followers.set(session, new Follower(parts, session, taken.lease, { ...state, workspace: workspaceId }));
  }

  async #isOurs(session: string, workspaceId: string): Promise<boolean> {
    const { spool, folders } = this.#parts;
    const state = await spool.state(session);
    if (state === 'newer') return false;
    if (state?.phase === 'live') return state.workspace === workspaceId;
    const [first] = await spool.records(session);
    // What is over and silent is nobody's.
    if (!first) return false;
    // Where it began; a conversation may be resumed from another folder.
    const cwd = first.record.event === 'SessionStart' ? first.record.cwd : (state?.cwd ?? first.record.cwd);
    return (await folders()).some((folder) => isInside(cwd, folder));
  }

  async #letGoIfOver(session: string): Promise<void> {
    const follower = this.#followers.get(session);
    if (!follower || follower.isLive) return;
    this.#followers.delete(session);
    await follower.release();
  }
}
