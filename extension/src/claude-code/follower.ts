import { basename } from 'node:path';
import type { OrchestrationEnd } from '../../api.d.ts';
import type { FolderLease } from '../lifecycle/ownership/folder-lease.ts';
import type { SessionTracker } from '../lifecycle/session-tracker.ts';
import type { TrackedTask } from '../lifecycle/tracked-task.ts';
import { isTracked } from '../lifecycle/tracker.ts';
import type { WindowLifecycle } from '../lifecycle/window-lifecycle.ts';
import type { Clock } from '../platform/clock.ts';
import { type Disposable, Disposables } from '../platform/disposable.ts';
import type { Log } from '../platform/log.ts';
import type { ClaudeState } from './claude-state.ts';
import { HOOK_TIMEOUT_SECONDS } from './hook-command.ts';
import type { HookRecord } from './hook-record.ts';
import type { Liveness, LookAtProcess } from './process-look.ts';
import type { Spool, SpooledRecord } from './spool.ts';
import { type Step, stepsOf } from './steps.ts';
import { taskIdOf } from './task-id.ts';

export interface FollowerParts {
  readonly lifecycle: Pick<WindowLifecycle, 'trackers' | 'start'>;
  readonly clock: Clock;
  readonly log: Log;
  readonly spool: Spool;
  readonly look: LookAtProcess;
  /** Another session of Claude Code is followed with that tracker already. */
  readonly isFollowed: (sessionId: string) => boolean;
  /** Runs it when no record is being taken in. */
  readonly inTurn: (work: () => Promise<void>) => void;
}

/** A hook may still be on its way when its process is gone. */
const GRACE_MS = 4000;
/** Hooks that run at the same time may overtake each other, by no more than Claude Code lets them take. */
const LATE_MS = HOOK_TIMEOUT_SECONDS * 1000;
/** Where this window was reloaded, the old one may still hold the journal. */
const PATIENCE_MS = 75_000;

/** One session of Claude Code that this window follows: from its records to what is tracked. */
export class Follower implements Disposable {
  readonly session: string;
  readonly #parts: FollowerParts;
  readonly #lease: FolderLease;
  readonly #since: number;
  #state: ClaudeState;
  #tracker: SessionTracker | undefined;
  #listening = new Disposables();
  #goneSince: number | undefined;

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
  }

  /** To be asked from time to time, when all that its hooks told was taken in. */
  async lookAtProcess(): Promise<void> {
    if (!this.isLive || !this.#tracker) return;
    if ((await this.#liveness()) !== 'gone') {
      this.#goneSince = undefined;
      return;
    }
    const now = this.#parts.clock.now();
    this.#goneSince ??= now;
    if (now - this.#goneSince < GRACE_MS) return;
    await this.#carryOut({ do: 'fail', message: 'process ended' });
    await this.#change({});
  }

  /** For the next window of this workspace, or for another one if it is over. */
  async release(): Promise<void> {
    this.dispose();
    await this.#lease.release().catch(() => undefined);
  }

  dispose(): void {
    this.#listening.dispose();
    this.#lease.dispose();
  }

  async #liveness(): Promise<Liveness> {
    const { process, seenAt } = this.#state;
    return process ? this.#parts.look(process, seenAt) : 'unknown';
  }

  async #takeIn(record: HookRecord): Promise<void> {
    if (record.event === 'SessionEnd' && (await this.#isOfAnother(record))) return;
    const { seenAt, process } = this.#state;
    const isLate = record.at < seenAt && seenAt - record.at < LATE_MS;
    const steps = stepsOf(this.#state, record);
    this.#state = {
      ...this.#state,
      seenAt: isLate ? seenAt : record.at,
      // A hook that could not tell takes nothing away from what another one saw.
      process: record.process.pid === undefined ? (process ?? record.process) : record.process,
      ...(record.transcript_path !== undefined && { transcript: record.transcript_path }),
      ...(record.event.startsWith('Task') && { tellsTasks: true }),
    };
    this.#goneSince = undefined;
    for (const step of steps) {
      // What it does now was told already, by a hook that began later and was quicker.
      if (!isLate || step.do !== 'activity') await this.#carryOut(step, record);
    }
  }

  /** Two processes may go on with one conversation: that one of them ends does not end the other. */
  async #isOfAnother({ process: { pid, start, host } }: HookRecord): Promise<boolean> {
    const { process } = this.#state;
    if (!this.isLive || pid === undefined || process?.pid === undefined) return false;
    if (process.host === host && process.pid === pid && process.start === start) return false;
    return (await this.#liveness()) === 'alive';
  }

  async #carryOut(step: Step, record?: HookRecord): Promise<void> {
    switch (step.do) {
      case 'begin':
        return this.#begin(record);
      case 'activity': {
        this.#state = { ...this.#state, activity: step.activity, activityDetail: step.detail };
        this.#tracker?.reportActivity(step.activity, step.detail);
        return;
      }
      case 'describe':
        // A session that was recovered is about what it was about before, whatever it is asked next.
        this.#state = { ...this.#state, title: this.#tracker?.title ?? step.title };
        return this.#describe();
      case 'start-task':
        await this.#task(step.key, step.name, record?.at);
        return;
      case 'complete-task': {
        const task = await this.#task(step.key, step.name, record?.at);
        await task?.complete(record?.at);
        const { [step.key]: _over, ...tasks } = this.#state.tasks;
        this.#state = { ...this.#state, tasks };
        return;
      }
      case 'complete':
        return this.#complete(record?.at);
      case 'fail': {
        const tracker = this.#tracker;
        this.#part('ended');
        await tracker?.fail(step.message, record?.at);
        return;
      }
      default:
        step satisfies never;
    }
  }

  #describe(): void {
    const { title } = this.#state;
    if (title !== undefined) this.#tracker?.describe({ title });
  }

  async #complete(at?: number): Promise<void> {
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
    const tracker = this.#continued(record) ?? (await this.#start(record));
    if (!tracker) {
      this.#part('parted');
      return;
    }
    this.#attach(tracker);
    const activity = 'working';
    this.#state = { ...this.#state, phase: 'live', sessionId: tracker.sessionId, activity, activityDetail: undefined };
    // Before anything else is told of it, so that it is found again whenever this process dies.
    await this.#change({});
    tracker.reportActivity(activity);
    this.#describe();
    await this.#retell();
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

  /** What was under way before: a session that was recovered has those tasks, another one is told of them. */
  async #retell(): Promise<void> {
    const before = Object.entries(this.#state.tasks);
    this.#state = { ...this.#state, tasks: {} };
    for (const [key, { name }] of before) await this.#task(key, name);
  }

  /** The one that runs, else one of that name that nobody claims, else a new one. */
  async #task(key: string, name: string, at?: number): Promise<TrackedTask | undefined> {
    const tracker = this.#tracker;
    if (!tracker) return undefined;
    const known = this.#state.tasks[key];
    const id = taskIdOf(tracker.sessionId, key);
    const claimed = new Set(Object.values(this.#state.tasks).map(({ taskId }) => taskId));
    const found =
      tracker.tasks.find(({ taskId }) => taskId === (known?.taskId ?? id)) ??
      tracker.tasks.find((task) => task.name === name && !claimed.has(task.taskId) && isOpen(task));
    if (found && found.status !== 'in_progress') await found.start(at);
    const task = found ?? (await this.#newTask(tracker, key, name, at));
    if (!task) return undefined;
    this.#state = { ...this.#state, tasks: { ...this.#state.tasks, [key]: { taskId: task.taskId, name } } };
    return task;
  }

  async #newTask(
    tracker: SessionTracker,
    key: string,
    name: string,
    at: number | undefined,
  ): Promise<TrackedTask | undefined> {
    const started = await tracker.startTask(
      { name, metadata: { claude_id: key } },
      at,
      taskIdOf(tracker.sessionId, key),
    );
    if (started.ok) return started.value;
    this.#parts.log.warn(`A task of Claude Code's session ${this.session}: ${started.problem.message}`);
    return undefined;
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

  async #change(change: Partial<ClaudeState>): Promise<void> {
    const sessionId = this.#tracker?.sessionId ?? this.#state.sessionId;
    this.#state = { ...this.#state, ...change, ...(sessionId !== undefined && { sessionId }) };
    await this.#parts.spool.keep(this.session, this.#state);
  }
}

function isOpen({ status }: TrackedTask): boolean {
  return status !== 'completed' && status !== 'failed';
}

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
