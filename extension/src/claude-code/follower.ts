import { basename } from 'node:path';
import type { OrchestrationEnd } from '../../api.d.ts';
import type { FolderLease } from '../lifecycle/ownership/folder-lease.ts';
import type { SessionTracker } from '../lifecycle/session-tracker.ts';
import { isTracked } from '../lifecycle/tracker.ts';
import type { WindowLifecycle } from '../lifecycle/window-lifecycle.ts';
import type { Clock } from '../platform/clock.ts';
import { type Disposable, Disposables } from '../platform/disposable.ts';
import type { Log } from '../platform/log.ts';
import type { ClaudeKnown } from './claude-known.ts';
import type { ClaudeState } from './claude-state.ts';
import type { HookRecord, SeenProcess } from './hook-record.ts';
import type { Liveness, LookAtProcess } from './process-look.ts';
import { reduce, type Signal, type Step } from './reduce.ts';
import type { RegisterEntry } from './register-entry.ts';
import type { Spool, SpooledRecord } from './spool.ts';
import { TaskList } from './task-list.ts';
import type { Spent } from './transcript.ts';

export interface FollowerParts {
  readonly lifecycle: Pick<WindowLifecycle, 'trackers' | 'start'>;
  readonly clock: Clock;
  readonly log: Log;
  readonly spool: Spool;
  readonly look: LookAtProcess;
  /** Tells a process that lives from a later one with its pid; undefined where the system does not say. */
  readonly startOf: (pid: number) => string | undefined;
  readonly readSpent: (transcript: string) => Promise<Spent | undefined>;
  /** Another session of Claude Code is followed with that tracker already. */
  readonly isFollowed: (sessionId: string) => boolean;
  /**
   * A copy of a conversation takes over what its process was followed as under the id of the original. False where that
   * process was heard of later, under another id: then it is the copy that has it.
   */
  readonly handOver: (sessionId: string, record: HookRecord) => Promise<boolean>;
  /** Runs it when no record is being taken in. */
  readonly inTurn: (work: () => Promise<void>) => void;
  readonly onDidChangeKnown: (sessionId: string) => void;
}

/** A hook may still be on its way when its process is gone. */
const GRACE_MS = 1500;
/** Where this window was reloaded, the old one may still hold the journal. */
const PATIENCE_MS = 75_000;

/** One session of Claude Code that this window follows: from what is told of it to what is tracked. */
export class Follower implements Disposable {
  readonly session: string;
  readonly #parts: FollowerParts;
  readonly #lease: FolderLease;
  readonly #since: number;
  #state: ClaudeState;
  #tracker: SessionTracker | undefined;
  #listening = new Disposables();
  /** Since when each of its processes is known to be gone. */
  readonly #goneSince = new Map<number, number>();
  #lookingAgain: Disposable | undefined;
  #living = 0;
  #spent: Spent | undefined;

  constructor(parts: FollowerParts, session: string, lease: FolderLease, state: ClaudeState) {
    this.#parts = parts;
    this.session = session;
    this.#lease = lease;
    this.#state = state;
    this.#since = parts.clock.now();
  }

  get isLive(): boolean {
    return this.#state.phase === 'live';
  }

  get sessionId(): string | undefined {
    return this.isLive ? this.#state.sessionId : undefined;
  }

  get known(): ClaudeKnown {
    const { cwd, process, proof, tool, lastMessage } = this.#state;
    return {
      conversation: this.session,
      cwd,
      process,
      proof,
      currentTool: tool?.inShort,
      lastMessage,
      model: this.#spent?.model,
      contextTokens: this.#spent?.contextTokens,
      isDouble: this.#living > 1,
    };
  }

  async isHeld(): Promise<boolean> {
    return (await this.#lease.look()) === 'held';
  }

  /** False while what is tracked for it has not come back from before. */
  async isReady(): Promise<boolean> {
    if (!this.isLive || this.#tracker) return true;
    const { trackers } = this.#parts.lifecycle;
    const tracker = trackers.find(({ sessionId }) => sessionId === this.#state.sessionId);
    if (tracker) {
      this.#attach(tracker);
      this.#describe();
      tracker.reportActivity(this.#state.activity, this.#state.activityDetail);
      return true;
    }
    if (this.#parts.clock.now() - this.#since < PATIENCE_MS) return false;
    // Its journal is gone: what it was tracked as has ended meanwhile.
    await this.#change({ phase: 'ended' });
    return true;
  }

  /** What counts is in the state before it is cleared away, so that none counts twice if this process dies over it. */
  async takeIn(records: readonly SpooledRecord[]): Promise<void> {
    const names = records.map(({ name }) => name);
    const done = new Set(this.#state.done);
    for (const { name, record } of records) if (!done.has(name)) await this.#takeIn(record);
    await this.#change({ done: names });
    await this.#parts.spool.remove(this.session, names);
    if (records.some(({ record }) => record.event === 'SessionEnd')) await this.lookAtProcess();
    await this.#readSpent();
  }

  /** What Claude Code's own register says of the living processes that work on this conversation. */
  async see(entries: readonly RegisterEntry[]): Promise<void> {
    if (!this.isLive || !this.#tracker) return;
    // Of two that work on one conversation, the one that needs somebody counts, then the one that works.
    const [entry] = entries.toSorted((a, b) => RANK[a.is] - RANK[b.is] || b.at - a.at);
    if (entry) await this.#apply({ kind: 'register', entry });
    await this.lookAtProcess();
  }

  /** To be asked from time to time, when all that its hooks told was taken in. */
  async lookAtProcess(): Promise<void> {
    if (!this.isLive || !this.#tracker) return;
    const now = this.#parts.clock.now();
    const gone: number[] = [];
    let living = 0;
    for (const { pid, liveness } of await this.#liveness()) {
      // Of one on another machine or in another container its word has to do.
      if (liveness === 'alive' || (liveness === 'unknown' && !this.#saidItEnds(pid))) {
        this.#goneSince.delete(pid);
        living += 1;
        continue;
      }
      const since = this.#goneSince.get(pid) ?? now;
      this.#goneSince.set(pid, since);
      if (this.#saidItEnds(pid) || now - since >= GRACE_MS) gone.push(pid);
      else this.#lookAgain();
    }
    if (living !== this.#living) {
      this.#living = living;
      this.#tellKnown();
    }
    if (gone.length > 0) await this.#apply({ kind: 'gone', pids: gone, at: now });
  }

  /** Older versions tell the start of a copy under the id of the original. False where this one is the copy. */
  async giveUp({ process, at }: HookRecord): Promise<boolean> {
    if (process.pid === undefined || this.#state.process?.pid !== process.pid) return true;
    if (this.#state.seenAt > at) return false;
    this.#part('parted');
    await this.#change({});
    return true;
  }

  /** For the next window of this workspace, or for another one if it is over. */
  async release(): Promise<void> {
    this.dispose();
    await this.#lease.release().catch(() => undefined);
  }

  dispose(): void {
    this.#lookingAgain?.dispose();
    this.#listening.dispose();
    this.#lease.dispose();
  }

  #lookAgain(): void {
    this.#lookingAgain?.dispose();
    const { clock, inTurn } = this.#parts;
    this.#lookingAgain = clock.after(GRACE_MS, () => inTurn(() => this.lookAtProcess()));
  }

  #saidItEnds(pid: number): boolean {
    return this.#state.endings.some((ending) => ending.pid === pid);
  }

  async #liveness(): Promise<readonly { readonly pid: number; readonly liveness: Liveness }[]> {
    const found: { pid: number; liveness: Liveness }[] = [];
    for (const { seenAt, ...process } of this.#state.processes) {
      const { pid } = process;
      if (pid !== undefined) found.push({ pid, liveness: await this.#parts.look(process, seenAt) });
    }
    return found;
  }

  async #takeIn(told: HookRecord): Promise<void> {
    const record = { ...told, process: await this.#identified(told) };
    if (record.process.pid !== undefined) this.#goneSince.delete(record.process.pid);
    await this.#carryOut(reduce(this.#state, { kind: 'hook', record }), record);
    // A copy of a conversation has an id of its own, which the next recovery resumes: from the first prompt on, because
    // Claude Code writes nothing before.
    if (record.event === 'UserPromptSubmit') this.#tracker?.describe({ metadata: this.#metadata(record) });
  }

  /** The clock may be set meanwhile, so that it does not always tell which of two processes had that pid. */
  async #identified({ process, at }: HookRecord): Promise<SeenProcess> {
    const { pid, host } = process;
    if (pid === undefined) return process;
    const known = this.#state.processes.find((each) => each.pid === pid && each.host === host);
    if (known && (await this.#parts.look(known, at)) !== 'gone') return { ...process, start: known.start };
    return (await this.#parts.look(process, at)) === 'alive'
      ? { ...process, start: this.#parts.startOf(pid) }
      : process;
  }

  async #apply(signal: Signal): Promise<void> {
    const next = reduce(this.#state, signal);
    if (next.state === this.#state) return;
    await this.#carryOut(next);
    await this.#change({});
  }

  async #carryOut(
    { state, steps }: { readonly state: ClaudeState; readonly steps: readonly Step[] },
    record?: HookRecord,
  ) {
    const { activity, activityDetail } = this.#state;
    this.#state = state;
    for (const step of steps) await this.#do(step, record);
    if (
      activity !== this.#state.activity ||
      activityDetail !== this.#state.activityDetail ||
      steps[0]?.do === 'begin'
    ) {
      this.#tracker?.reportActivity(this.#state.activity, this.#state.activityDetail);
    }
    this.#tellKnown();
  }

  async #do(step: Step, record: HookRecord | undefined): Promise<void> {
    switch (step.do) {
      case 'begin':
        return this.#begin(record);
      case 'describe':
        // A session that was recovered is about what it was about before, whatever it is asked next.
        this.#state = { ...this.#state, title: this.#tracker?.title ?? step.title };
        return this.#describe();
      case 'task': {
        const tracker = this.#tracker;
        if (tracker) this.#state = { ...this.#state, tasks: await this.#tasks(tracker).take(step, record?.at) };
        return;
      }
      case 'rename-task':
        if (this.#tracker) {
          this.#state = { ...this.#state, tasks: await this.#tasks(this.#tracker).rename(step.key, step.name) };
        }
        return;
      case 'complete':
        return this.#complete(step.at);
      case 'fail': {
        const tracker = this.#tracker;
        this.#part('ended');
        await tracker?.fail(step.message, step.at);
        return;
      }
      default:
        step satisfies never;
    }
  }

  #tasks(tracker: SessionTracker): TaskList {
    return new TaskList(tracker, this.#state.tasks, this.#parts.log);
  }

  #describe(): void {
    const { title } = this.#state;
    if (title !== undefined) this.#tracker?.describe({ title });
  }

  async #complete(at: number): Promise<void> {
    const tracker = this.#tracker;
    this.#part('ended');
    // What it had not finished was neither done nor did it fail.
    const open = tracker?.tasks.filter(({ status }) => status === 'in_progress') ?? [];
    for (const task of open) await task.block('Claude Code ended before it was done.', at);
    this.#state = { ...this.#state, tasks: {} };
    await tracker?.complete(at);
  }

  async #begin(record: HookRecord | undefined): Promise<void> {
    // A conversation may be resumed from another folder than the one in which it began.
    if (record?.event === 'SessionStart') this.#state = { ...this.#state, cwd: record.cwd };
    if (record?.continues !== undefined && !(await this.#parts.handOver(record.continues, record))) {
      this.#part('parted');
      return;
    }
    const tracker = this.#continued(record) ?? (await this.#start(record));
    if (!tracker) {
      this.#part('parted');
      return;
    }
    this.#attach(tracker);
    this.#state = { ...this.#state, phase: 'live', sessionId: tracker.sessionId };
    // Before anything else is told of it, so that it is found again whenever this process dies.
    await this.#change({});
    this.#describe();
    this.#state = { ...this.#state, tasks: await this.#tasks(tracker).retell() };
  }

  /** In a terminal that was opened to recover a session, that one goes on; also after a crash right after the start. */
  #continued(record: HookRecord | undefined): SessionTracker | undefined {
    const { lifecycle, isFollowed } = this.#parts;
    return lifecycle.trackers.find(({ sessionId, state, held }) => {
      if (!isTracked(state) || isFollowed(sessionId)) return false;
      return sessionId === record?.continues || held.session.metadata?.['claude_session_id'] === this.session;
    });
  }

  async #start(record: HookRecord | undefined): Promise<SessionTracker | undefined> {
    const { lifecycle, log } = this.#parts;
    const started = await lifecycle.start(
      { folder: this.#state.cwd, metadata: this.#metadata(record) },
      { at: record?.at },
    );
    if (started.ok) return started.value;
    log.error(`Claude Code's session ${this.session} cannot be tracked: ${started.problem.message}`);
    return undefined;
  }

  #metadata(record: HookRecord | undefined) {
    const { cwd, transcript } = this.#state;
    return {
      source: 'claude-code',
      claude_session_id: this.session,
      cwd,
      ...(transcript !== undefined && { transcript: basename(transcript) }),
      ...(record?.source !== undefined && { started_by: record.source }),
    };
  }

  #attach(tracker: SessionTracker): void {
    this.#listening.dispose();
    this.#listening = new Disposables();
    this.#tracker = tracker;
    this.#listening.add(
      tracker.onDidEnd((end) => {
        if (this.#tracker !== tracker) return;
        this.#part(phaseAfter(end));
        this.#parts.inTurn(() => this.#change({}));
      }),
    );
  }

  #part(phase: 'ended' | 'parted'): void {
    this.#listening.dispose();
    this.#tracker = undefined;
    this.#state = { ...this.#state, phase };
  }

  async #readSpent(): Promise<void> {
    const { transcript } = this.#state;
    if (transcript === undefined || !this.isLive) return;
    this.#spent = (await this.#parts.readSpent(transcript)) ?? this.#spent;
    this.#tellKnown();
  }

  #tellKnown(): void {
    const { sessionId } = this.#state;
    if (sessionId !== undefined) this.#parts.onDidChangeKnown(sessionId);
  }

  async #change(change: Partial<ClaudeState>): Promise<void> {
    const sessionId = this.#tracker?.sessionId ?? this.#state.sessionId;
    this.#state = { ...this.#state, ...change, ...(sessionId !== undefined && { sessionId }) };
    await this.#parts.spool.keep(this.session, this.#state);
  }
}

const RANK = { waiting: 0, busy: 1, idle: 2 } as const;

/** Whoever recovered it has its work now; where it was only forgotten, what comes next begins another. */
function phaseAfter({ reason }: OrchestrationEnd): 'ended' | 'parted' {
  switch (reason) {
    case 'completed':
    case 'failed':
    case 'stalled':
      return 'ended';
    case 'recovered-elsewhere':
    case 'ended-elsewhere':
    case 'taken-over':
      return 'parted';
    default:
      return reason satisfies never;
  }
}
