import { CreateTask, LIMITS, type Metadata } from '@claude-projects/shared/contract';
import type { Activity, OrchestrationEnd, OrchestrationHealth, Result, StartTaskOptions } from '../../api.d.ts';
import { type Connection, homeOf } from '../connection/connection.ts';
import type { Clock } from '../platform/clock.ts';
import { Disposables } from '../platform/disposable.ts';
import { Emitter, type Event } from '../platform/emitter.ts';
import { errorText } from '../platform/error-text.ts';
import type { Log } from '../platform/log.ts';
import type { Random } from '../platform/random.ts';
import type { Learned } from '../sessions/learned.ts';
import { metadataText } from '../sessions/metadata-text.ts';
import { nextSlot } from '../workspace/derived-place.ts';
import type { Agents } from './agents.ts';
import { dateOf } from './date-of.ts';
import { type BeatOutcome, HeartbeatLoop } from './heartbeat-loop.ts';
import { checked, done, failed } from './input.ts';
import type { HeldSession } from './journals.ts';
import { type Change, isMove, moveTo } from './outbox/change.ts';
import type { OwnSession } from './own-session.ts';
import { saneText } from './sane-text.ts';
import { sendBeat } from './send-beat.ts';
import { TrackedTask } from './tracked-task.ts';
import type { About, Tracker, TrackerState } from './tracker.ts';
import { type Verdict, verdictOf } from './verdict.ts';

export interface SessionTrackerParts {
  readonly held: HeldSession;
  readonly agents: Pick<Agents, 'livenessOf'>;
  readonly connection: Connection;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly heartbeatIntervalMs: () => number;
}

/** Longer than the server waits before it calls a session stalled: whoever was away that long did not just reload. */
const AWAY_TOO_LONG_MS = 180_000;

const MOST_TITLE = 200;

type Phase = 'live' | 'refused' | 'ending' | 'ended';

export class SessionTracker implements Tracker {
  readonly #parts: SessionTrackerParts;
  readonly #owned = new Disposables();
  readonly #stateChanged: Emitter<TrackerState>;
  readonly #healthChanged: Emitter<OrchestrationHealth>;
  readonly #didEnd: Emitter<OrchestrationEnd>;
  readonly #changed: Emitter<Tracker>;
  readonly #learned: Emitter<Learned>;
  readonly #held: HeldSession;
  readonly #loop: HeartbeatLoop;
  readonly #closed = new AbortController();
  #tasks: TrackedTask[];
  #phase: Phase = 'live';
  #known: boolean;
  /** Which API knows it; undefined where that is not sure yet. */
  #home: string | undefined;
  #troubleSince: number | undefined;
  #mustReread: boolean;
  #awayMs: number;
  #refusal = '';
  #end: OrchestrationEnd | undefined;
  #activity: Activity = 'working';
  #activityDetail: string | undefined;
  /** Metadata that was learned here, beside what the journal began with. */
  #about: Metadata = {};
  #lastState: TrackerState;

  constructor(parts: SessionTrackerParts) {
    this.#parts = parts;
    const { held, connection } = parts;
    this.#held = held;
    const emitter = <T>() =>
      this.#owned.add(new Emitter<T>((error) => this.#say('error', `a listener failed: ${errorText(error)}`)));
    this.#stateChanged = emitter();
    this.#healthChanged = emitter();
    this.#didEnd = emitter();
    this.#changed = emitter();
    this.#learned = emitter();
    this.#known = held.known;
    this.#home = held.home;
    // What is known from before may have ended meanwhile; what this process is about to create has not.
    this.#mustReread = held.known;
    this.#awayMs = held.awayMs;
    this.#tasks = this.#tasksOf(held);
    this.#lastState = this.state;
    this.#loop = this.#attach();
    this.#owned.add(
      connection.onDidChange(({ kind }) => {
        if (kind !== 'online') return;
        this.#followApi();
        if (this.#troubleSince !== undefined) this.#loop.beatNow();
      }),
    );
    if (this.#known) this.#startBeating('now');
  }

  get sessionId(): string {
    return this.#held.session.session_id;
  }

  get projectId(): string {
    return this.#held.session.project_id;
  }

  get held(): HeldSession {
    return this.#held;
  }

  /** Undefined where the API refuses the session, or somebody else ended it: the API knows better. */
  get own(): OwnSession | undefined {
    const endedHere = this.#end?.reason === 'completed' || this.#end?.reason === 'failed';
    if (this.#phase === 'refused' || this.#phase === 'ended' || (this.#phase === 'ending' && !endedHere)) {
      return undefined;
    }
    const { session, outbox } = this.#held;
    const present = { activity: this.#activity, activityDetail: this.#activityDetail, currentTask: this.currentTask };
    return {
      session,
      tasks: this.tasks,
      present: this.#phase === 'live' ? present : undefined,
      undelivered: outbox.waiting,
    };
  }

  get tasks(): readonly TrackedTask[] {
    return this.#tasks.filter(({ isRemoved }) => !isRemoved);
  }

  get currentTask(): TrackedTask | undefined {
    return this.tasks
      .filter(({ status }) => status === 'in_progress')
      .sort((a, b) => b.startOrder - a.startOrder)
      .at(0);
  }

  get activity(): Activity {
    return this.#activity;
  }

  get title(): string | undefined {
    return metadataText({ ...this.#held.session.metadata, ...this.#about }, 'title');
  }

  get state(): TrackerState {
    switch (this.#phase) {
      case 'live': {
        const calm = this.#known ? 'running' : 'starting';
        if (this.#troubleSince === undefined) return { kind: calm };
        return { kind: 'degraded', since: this.#troubleSince, before: calm };
      }
      case 'refused':
        return { kind: 'refused', reason: this.#refusal };
      case 'ending':
      case 'ended':
        return { kind: this.#phase, end: this.#end ?? { reason: 'ended-elsewhere' } };
      default:
        return this.#phase satisfies never;
    }
  }

  get health(): OrchestrationHealth {
    const { kind } = this.state;
    if (kind === 'running') return 'healthy';
    if (kind === 'refused') return 'untracked';
    return kind === 'ending' ? 'ended' : kind;
  }

  get onDidChangeState(): Event<TrackerState> {
    return this.#stateChanged.event;
  }

  get onDidChangeHealth(): Event<OrchestrationHealth> {
    return this.#healthChanged.event;
  }

  get onDidEnd(): Event<OrchestrationEnd> {
    return this.#didEnd.event;
  }

  /** Its state, one of its tasks, or its activity. */
  get onDidChange(): Event<Tracker> {
    return this.#changed.event;
  }

  /** The API's reply to a change or a heartbeat. */
  get onDidLearn(): Event<Learned> {
    return this.#learned.event;
  }

  /** It starts now, unless `at` says when it did; and so with the end. */
  async startTask(options: StartTaskOptions, at?: number, taskId?: string): Promise<Result<TrackedTask>> {
    return this.#newTask(options, (task) => task.start(at), at, taskId);
  }

  /** Of what is left to do. */
  async addTask(options: StartTaskOptions, at?: number, taskId?: string): Promise<Result<TrackedTask>> {
    const leavePending = async () => {
      this.#changed.fire(this);
      return done(undefined);
    };
    return this.#newTask(options, leavePending, at, taskId);
  }

  async #newTask(
    options: StartTaskOptions,
    begin: (task: TrackedTask) => Promise<Result<void>>,
    at?: number,
    taskId = this.#parts.random.uuid(),
  ): Promise<Result<TrackedTask>> {
    if (this.#isOver) return failed(alreadyEnded);
    const body = checked(
      CreateTask,
      () => ({
        task_id: taskId,
        session_id: this.sessionId,
        project_id: this.projectId,
        task_name: options.name,
        ...(options.githubIssueId !== undefined && { github_issue_id: options.githubIssueId }),
        ...(options.metadata !== undefined && { metadata: options.metadata }),
        occurred_at: this.#dated(at),
      }),
      { task_name: 'name', github_issue_id: 'githubIssueId' },
    );
    if (!body.ok) return body;
    const task = new TrackedTask(this.#taskHost, taskId, body.value.task_name, 'pending');
    this.#tasks.push(task);
    const [created, started] = await Promise.all([
      this.#record({ kind: 'create-task', body: body.value }),
      begin(task),
    ]);
    if (created.ok && started.ok) return done(task);
    this.#tasks = this.#tasks.filter((other) => other !== task);
    this.#changed.fire(this);
    return created.ok ? failed(started.ok ? alreadyEnded : started.problem) : created;
  }

  reportActivity(activity: Activity, detail?: string): void {
    if (this.#isOver || !isActivity(activity)) return;
    const sane = saneText(detail, LIMITS.activityDetailLength);
    const isNews = activity !== this.#activity || (activity === 'waiting_for_input' && sane !== this.#activityDetail);
    this.#activity = activity;
    this.#activityDetail = sane;
    // Somebody may be waiting for an answer, or has just got one: not to be told a minute late.
    if (isNews) this.#loop.beatNow();
    this.#changed.fire(this);
  }

  describe({ title, metadata = {} }: About): void {
    const sane = saneText(title, MOST_TITLE);
    const known: Metadata = { ...this.#held.session.metadata, ...this.#about };
    const told = { ...metadata, ...(sane !== undefined && { title: sane }) };
    const changed = Object.entries(told).filter(([key, value]) => known[key] !== value);
    if (this.#isOver || changed.length === 0) return;
    this.#about = { ...this.#about, ...Object.fromEntries(changed) };
    this.#recordMetadata(Object.fromEntries(changed));
    this.#changed.fire(this);
  }

  async complete(at?: number): Promise<Result<void>> {
    if (this.#isOver) return failed(alreadyEnded);
    const recorded = this.#record({
      kind: 'update-session',
      session_id: this.sessionId,
      body: { status: 'completed', occurred_at: this.#dated(at) },
    });
    this.#finish({ reason: 'completed' });
    return recorded;
  }

  async fail(message: string, at?: number): Promise<Result<void>> {
    if (this.#isOver) return failed(alreadyEnded);
    const error_message = saneText(message, LIMITS.errorMessageLength) ?? 'No reason was given.';
    const recorded = this.#record({
      kind: 'fail-session',
      session_id: this.sessionId,
      body: { error_message, occurred_at: this.#dated(at) },
    });
    this.#finish({ reason: 'failed', message: error_message });
    return recorded;
  }

  /** The machine has slept: the session may have been recovered elsewhere meanwhile. */
  wake(): void {
    if (this.#phase !== 'live' || !this.#known) return;
    this.#mustReread = true;
    this.#loop.beatNow();
  }

  /** Forgets the session without a word to anybody, as if this process had died. */
  async abandon(): Promise<void> {
    this.#phase = 'ended';
    // An end of this window's own making: nobody is to be warned of it.
    this.#end = { reason: 'failed', message: 'It was abandoned.' };
    this.#close();
    await this.#held.discard();
  }

  /** Leaves the session as it is: what is not delivered stays in the journal, for the next process. */
  async release(): Promise<void> {
    this.#close();
    await this.#held.release();
  }

  get #isOver(): boolean {
    return this.#phase === 'ending' || this.#phase === 'ended';
  }

  #tasksOf(held: HeldSession): TrackedTask[] {
    return held.tasks.map((task) => new TrackedTask(this.#taskHost, task.taskId, task.name, task.status));
  }

  #attach(): HeartbeatLoop {
    const { outbox } = this.#held;
    this.#owned.add(outbox.onDidLearn((learned) => this.#learned.fire(learned)));
    this.#owned.add(outbox.onDidDeliver((change) => this.#delivered(change)));
    this.#owned.add(
      outbox.onDidRefuse(({ change, error }) => {
        this.#refused(change, verdictOf(error), error.message);
        this.#changed.fire(this);
      }),
    );
    this.#owned.add(
      outbox.onDidChangeHealth((health) => {
        if (health === 'degraded') this.#beInTrouble();
        else if (health === 'delivering') this.#beFine();
      }),
    );
    return this.#owned.add(
      new HeartbeatLoop({
        clock: this.#parts.clock,
        intervalMs: this.#parts.heartbeatIntervalMs,
        beat: (signal) => this.#beat(signal),
        onMissed: () => this.#beInTrouble(),
      }),
    );
  }

  get #taskHost() {
    return {
      sessionId: () => this.sessionId,
      projectId: () => this.projectId,
      dated: (at?: number) => this.#dated(at),
      record: (change: Change) => (this.#isOver ? Promise.resolve(failed(alreadyEnded)) : this.#record(change)),
      changed: () => this.#changed.fire(this),
    };
  }

  async #record(change: Change): Promise<Result<void>> {
    // The API refused the session: there is nothing to report the change to.
    if (this.#phase === 'refused') return done(undefined);
    const result = await this.#held.outbox.add(change);
    switch (result) {
      case 'written':
      case 'kept-in-memory':
        return done(undefined);
      case 'full':
        return failed({ code: 'full', message: 'Too many reports wait for the server; this one was not kept.' });
      case 'closed':
        return failed(alreadyEnded);
      default:
        return result satisfies never;
    }
  }

  #recordMetadata(metadata: Metadata): void {
    void this.#record({ kind: 'update-session', session_id: this.sessionId, body: { metadata } });
  }

  #delivered(change: Change): void {
    if (isMove(change)) this.#loop.beatNow();
    if (change.kind !== 'create-session' || this.#known) return;
    this.#known = true;
    // As the journal noted it with the reply: meanwhile another API may have been chosen.
    this.#home = this.#held.home;
    // Of one that is new the API believes that it works: what differs is not to be told a minute late.
    if (this.#phase === 'live') this.#startBeating(this.#activity === 'working' ? 'later' : 'now');
    this.#stateMayHaveChanged();
  }

  get #presentHome(): string | undefined {
    const { address } = this.#parts.connection;
    return address && homeOf(address);
  }

  /** Somebody chose another API, by a key or a setting: it is told of the session as if it had begun there. */
  #followApi(): void {
    const home = this.#presentHome;
    if (this.#phase !== 'live' || !this.#known || this.#home === undefined || home === this.#home) return;
    this.#say('info', 'goes on at another API.');
    this.#known = false;
    this.#stateMayHaveChanged();
    const { session_id, project_id, machine_id, docker_slot, metadata } = this.#held.session;
    const body = { session_id, project_id, machine_id, occurred_at: this.#dated() };
    void this.#record({
      kind: 'create-session',
      body: { ...body, ...(docker_slot !== undefined && { docker_slot }), ...(metadata && { metadata }) },
    });
    if (Object.keys(this.#about).length > 0) this.#recordMetadata(this.#about);
    for (const task of this.tasks) {
      for (const change of task.retold()) void this.#record(change);
    }
  }

  #refused(change: Change, verdict: Verdict, reason: string): void {
    if (this.#phase === 'refused' || this.#phase === 'ended') return;
    // What waited for another API reaches this one before the session does.
    if (!this.#known && change.kind !== 'create-session') return;
    if (verdict.kind === 'over' && change.kind !== 'create-session') this.#finish(endOf(verdict.successorSessionId));
    else if (change.kind === 'create-session' || isMove(change)) this.#beRefused(reason);
  }

  #startBeating(first: 'now' | 'later'): void {
    this.#loop.start();
    if (first === 'now') this.#loop.beatNow();
  }

  async #beat(signal: AbortSignal): Promise<BeatOutcome> {
    if (!this.#known) return 'unneeded';
    if (!(await this.#held.stillHeld())) {
      this.#finish({ reason: 'taken-over' });
      return 'refused';
    }
    const verdict = await sendBeat(this.#parts.connection, signal, {
      sessionId: this.sessionId,
      rereadFirst: this.#mustReread,
      body: () => this.#body(),
    });
    // Before anything is made of what may be the answer of another API.
    this.#followApi();
    if (this.#phase !== 'live' || !this.#known) return 'unneeded';
    switch (verdict.kind) {
      case 'reread':
        this.#mustReread = false;
        if (verdict.status === 'stalled' && this.#awayMs > AWAY_TOO_LONG_MS) return this.#beatForOneLeftAlone(signal);
        this.#awayMs = 0;
        return this.#beat(signal);
      case 'taken':
        this.#home ??= this.#presentHome;
        this.#learned.fire({ kind: 'heartbeat', session: verdict.session });
        this.#beFine();
        return 'taken';
      case 'over':
        this.#finish(endOf(verdict.successorSessionId));
        return 'refused';
      case 'place-taken':
        this.#moveOn();
        return 'unneeded';
      case 'unheard':
        this.#say('debug', `heartbeat failed: ${verdict.reason}`);
        return verdict.retry;
      default:
        return verdict satisfies never;
    }
  }

  /** Nobody beat for it in this process' absence. Its work went on all the same where its agent lives by itself. */
  async #beatForOneLeftAlone(signal: AbortSignal): Promise<BeatOutcome> {
    const liveness = await this.#parts.agents.livenessOf(this.sessionId);
    if (this.#phase !== 'live') return 'unneeded';
    switch (liveness) {
      case 'alive':
        this.#awayMs = 0;
        return this.#beat(signal);
      case 'gone':
        // What became of it is for those to say who saw it.
        this.#mustReread = true;
        return 'unneeded';
      case 'unknown':
        this.#finish({ reason: 'stalled' });
        return 'refused';
      default:
        return liveness satisfies never;
    }
  }

  #body() {
    return {
      activity: this.#activity,
      activity_detail: this.#activityDetail ?? null,
      // While changes of tasks are under way the server knows better from them, one after the other.
      ...(this.#held.outbox.pending === 0 && { current_task_id: this.currentTask?.taskId ?? null }),
    };
  }

  #beInTrouble(): void {
    if (this.#phase !== 'live' || this.#troubleSince !== undefined) return;
    this.#troubleSince = this.#parts.clock.now();
    this.#say('warn', 'the API cannot be reached; the work goes on, and what happens is kept until it can.');
    this.#stateMayHaveChanged();
  }

  #beFine(): void {
    if (this.#troubleSince === undefined) return;
    this.#troubleSince = undefined;
    if (this.#phase === 'live') this.#say('info', 'the API can be reached again.');
    this.#stateMayHaveChanged();
  }

  /** The session was stalled, and another one has its place meanwhile: this one goes on in the next. */
  #moveOn(): void {
    if (this.#held.isMoving) return;
    const slot = nextSlot(this.#held.session.docker_slot, this.sessionId);
    void this.#record(moveTo(this.sessionId, slot));
  }

  #beRefused(reason: string): void {
    this.#phase = 'refused';
    this.#refusal = reason;
    this.#troubleSince = undefined;
    this.#loop.dispose();
    this.#say('warn', `the API refuses this session; the work goes on, unrecorded: ${reason}`);
    this.#stateMayHaveChanged();
    void this.#leaveBehind(this.#held);
  }

  /** A session that the API knows still takes what happened in it. One that it never took takes nothing. */
  async #leaveBehind(held: HeldSession): Promise<void> {
    // Also when the work here has ended; a window that closes has it released before.
    if (this.#known) await held.outbox.whenEmpty(new AbortController().signal);
    await held.discard();
  }

  /** The first end counts. */
  #finish(end: OrchestrationEnd): void {
    if (this.#isOver) return;
    const hadJournal = this.#phase !== 'refused';
    this.#end = end;
    this.#phase = 'ending';
    this.#loop.dispose();
    this.#say('info', `ended: ${end.reason}.`);
    this.#stateMayHaveChanged();
    this.#didEnd.fire(end);
    void this.#deliverTheRest(hadJournal && end.reason !== 'taken-over');
  }

  async #deliverTheRest(mine: boolean): Promise<void> {
    if (mine) {
      await this.#held.outbox.whenEmpty(this.#closed.signal);
      if (this.#closed.signal.aborted) return;
      await this.#held.discard();
    }
    this.#phase = 'ended';
    this.#stateMayHaveChanged();
    this.#close();
  }

  #close(): void {
    this.#closed.abort();
    this.#loop.dispose();
    this.#owned.dispose();
  }

  #stateMayHaveChanged(): void {
    const before = this.#lastState;
    const state = this.state;
    if (before.kind === state.kind) return;
    this.#lastState = state;
    this.#stateChanged.fire(state);
    this.#healthChanged.fire(this.health);
    this.#changed.fire(this);
  }

  #dated(at?: number): string {
    return dateOf(this.#parts.clock, at);
  }

  #say(level: 'debug' | 'info' | 'warn' | 'error', message: string): void {
    this.#parts.log[level](`Session ${this.sessionId}: ${message}`);
  }
}

const alreadyEnded = { code: 'ended', message: 'The orchestration has ended.' } as const;

function endOf(successorSessionId: string | undefined): OrchestrationEnd {
  return successorSessionId === undefined
    ? { reason: 'ended-elsewhere' }
    : { reason: 'recovered-elsewhere', successorSessionId };
}

function isActivity(value: unknown): value is Activity {
  return value === 'working' || value === 'waiting_for_input' || value === 'idle';
}
