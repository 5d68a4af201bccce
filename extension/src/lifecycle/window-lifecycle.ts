import type { Session, Task } from '@claude-projects/shared/client';
import { CreateSession, DEFAULTS, LIMITS } from '@claude-projects/shared/contract';
import * as z from 'zod/mini';
import type { Result, StartOrchestrationOptions } from '../../api.d.ts';
import type { Connection } from '../connection/connection.ts';
import type { Clock } from '../platform/clock.ts';
import { type Disposable, Disposables } from '../platform/disposable.ts';
import { Emitter, type Event } from '../platform/emitter.ts';
import { errorText } from '../platform/error-text.ts';
import type { Log } from '../platform/log.ts';
import type { Random } from '../platform/random.ts';
import type { Vitals } from '../sessions/health.ts';
import type { Learned } from '../sessions/learned.ts';
import { HEARTBEAT_SECONDS } from '../settings/check-settings.ts';
import type { Settings } from '../settings/settings.ts';
import { nextSlot } from '../workspace/derived-place.ts';
import { changedPlace, withPlace } from '../workspace/place-metadata.ts';
import type { WorkspacePlaces } from '../workspace/workspace-place.ts';
import { type Agents, NO_AGENTS } from './agents.ts';
import { dateOf } from './date-of.ts';
import { checked, done, failed } from './input.ts';
import type { HeldSession, Journals } from './journals.ts';
import type { Adopted, HowToStart, Lifecycle } from './lifecycle.ts';
import { type MachineFacts, MachinePulse } from './machine-pulse.ts';
import type { OwnSession, OwnSessions } from './own-session.ts';
import { SessionTracker } from './session-tracker.ts';
import { isSamePlace, NO_WORKSPACE, type Place, type TrackedSession } from './tracked-session.ts';
import { isTracked, type Tracker } from './tracker.ts';
import { WakeWatch } from './wake-watch.ts';

export interface WindowLifecycleParts {
  readonly places: Pick<WorkspacePlaces, 'current' | 'at'>;
  readonly settings: { readonly current: Pick<Settings, 'dockerSlot' | 'heartbeatIntervalSeconds'> };
  /** They know how long the server lets one be silent. */
  readonly sessions: { readonly vitals: Pick<Vitals, 'stallThresholdMs'> };
  readonly journals: Journals;
  readonly connection: Connection;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  /** Default: none. */
  readonly agents?: Agents;
}

const LEAST_INTERVAL_MS = HEARTBEAT_SECONDS.least * 1000;
const ON_THE_WAY_MS = 5_000;
/** Some servers reported a longer threshold right after a downtime than the one they went by later. */
const LONGEST_PLAUSIBLE_THRESHOLD_MS = 3_600_000;

export class WindowLifecycle implements Lifecycle, OwnSessions, Disposable {
  readonly #parts: WindowLifecycleParts;
  readonly #owned = new Disposables();
  readonly #started: Emitter<Tracker>;
  readonly #changed: Emitter<Tracker>;
  readonly #ownChanged: Emitter<string>;
  readonly #learned: Emitter<Learned>;
  readonly #wakeWatch: WakeWatch;
  readonly #machine: MachinePulse;
  readonly #closed = new AbortController();
  #trackers: SessionTracker[] = [];
  /** Starting, adopting and resuming look at what is tracked before they add to it: one at a time. */
  #turn: Promise<unknown> = Promise.resolve();
  #resumed: Promise<readonly SessionTracker[]> | undefined;
  /** Journals of sessions that have ended, being delivered. */
  readonly #lastWords = new Set<HeldSession>();

  constructor(parts: WindowLifecycleParts) {
    this.#parts = parts;
    const emitter = <T>() =>
      this.#owned.add(new Emitter<T>((error) => parts.log.error(`A listener failed: ${errorText(error)}`)));
    this.#started = emitter();
    this.#changed = emitter();
    this.#ownChanged = emitter();
    this.#learned = emitter();
    this.#owned.add(
      parts.journals.onDidFree(() => {
        void this.#inTurn(() => this.#resume());
      }),
    );
    this.#wakeWatch = this.#owned.add(new WakeWatch(parts.clock, (sleptMs) => this.#wake(sleptMs)));
    this.#machine = this.#owned.add(
      new MachinePulse({
        connection: parts.connection,
        clock: parts.clock,
        log: parts.log,
        intervalMs: () => this.#heartbeatIntervalMs(),
        facts: () => this.#machineFacts(),
      }),
    );
  }

  get trackers(): readonly SessionTracker[] {
    return this.#trackers;
  }

  get onDidStart(): Event<Tracker> {
    return this.#started.event;
  }

  get onDidChange(): Event<Tracker> {
    return this.#changed.event;
  }

  get onDidChangeOwn(): Event<string> {
    return this.#ownChanged.event;
  }

  get onDidLearn(): Event<Learned> {
    return this.#learned.event;
  }

  ownSession(id: string): OwnSession | undefined {
    const tracker = this.#trackers.find(({ sessionId }) => sessionId === id);
    if (tracker) return tracker.own;
    for (const { session, tasks, outbox } of this.#lastWords) {
      if (session.session_id === id) return { session, tasks, present: undefined, undelivered: outbox.waiting };
    }
    return undefined;
  }

  /** What this workspace tracked before goes first: it may hold the very place that is asked for. */
  start(options: StartOrchestrationOptions, how: HowToStart = {}): Promise<Result<SessionTracker>> {
    void this.resume();
    return this.#inTurn(() => this.#start(options, how));
  }

  async adopt(session: Session, folder?: string): Promise<Adopted<SessionTracker>> {
    // Before its turn: nobody who starts a session waits for the API.
    const tasks = await this.#tasksOf(session.session_id);
    return this.#inTurn(() => this.#adopt(session, tasks, folder));
  }

  /** For a window that opens: looks no further where this machine tracks nothing. Never rejects. */
  async resumeIfAny(): Promise<void> {
    if (await this.#parts.journals.any()) await this.resume();
  }

  /** Never rejects. */
  resume(): Promise<readonly SessionTracker[]> {
    this.#resumed ??= this.#inTurn(() => this.#resume());
    return this.#resumed;
  }

  /** Goes on with what other windows have tracked, where this one follows the agent now. Never rejects. */
  resumeFollowed(): Promise<readonly SessionTracker[]> {
    return this.#inTurn(() => this.#resume());
  }

  /** Leaves a session as it is, for the window that follows its agent from now on. */
  async letGo(tracker: SessionTracker): Promise<void> {
    this.#forget(tracker);
    await tracker.release();
    this.#tellOf(tracker);
  }

  async abandon(tracker: SessionTracker): Promise<void> {
    this.#forget(tracker);
    await tracker.abandon();
    this.#tellOf(tracker);
  }

  /** Reports the end of a session that no window tracks any more. False where there is none, or a window tracks it. */
  failOrphan(sessionId: string, message: string): Promise<boolean> {
    return this.#inTurn(async () => {
      if (this.#isClosed) return false;
      const { journals, clock } = this.#parts;
      const [held] = await journals.takeOrphans(({ session_id }, ended) => session_id === sessionId && !ended);
      if (!held) return false;
      const body = { error_message: message, occurred_at: dateOf(clock) };
      await held.outbox.add({ kind: 'fail-session', session_id: sessionId, body });
      void this.#deliverLastWords(held);
      return true;
    });
  }

  /** Once, when this window is connected anyway: it does not go looking for the API on behalf of others. */
  deliverForOthersWhenOnline(): Disposable {
    const { connection, log } = this.#parts;
    const waiting = connection.onDidChange(({ kind }) => {
      if (kind !== 'online') return;
      waiting.dispose();
      this.deliverForOthers().catch((error: unknown) => {
        log.warn(`What other windows left to deliver could not be read: ${errorText(error)}`);
      });
    });
    return waiting;
  }

  /** What was reported by windows of other workspaces before they closed, if all that is left is to deliver it. */
  deliverForOthers(): Promise<void> {
    return this.#inTurn(async () => {
      const { journals, places } = this.#parts;
      const { workspaceId } = await places.current();
      if (this.#isClosed) return;
      // The others are for their own workspace to go on with: not even to be looked at, which would look like work.
      const orphans = await journals.takeOrphans(({ workspace }, ended) => ended && workspace !== workspaceId);
      for (const held of orphans) void this.#deliverLastWords(held);
    });
  }

  /** Leaves every session as it is, for the next process of this workspace. */
  async close(): Promise<void> {
    this.#closed.abort();
    // Whatever is half begun is to be left in good order, too.
    await this.#turn;
    const held = [...this.#lastWords];
    this.#lastWords.clear();
    await Promise.all([
      ...this.#trackers.map((tracker) => tracker.release()),
      ...held.map((session) => session.release()),
    ]);
    this.dispose();
  }

  dispose(): void {
    this.#closed.abort();
    this.#owned.dispose();
  }

  get #isClosed(): boolean {
    return this.#closed.signal.aborted;
  }

  /** The setting, but at least two heartbeats within the stall threshold: one of them may be lost. */
  #heartbeatIntervalMs(): number {
    const { settings, sessions } = this.#parts;
    const reported = sessions.vitals.stallThresholdMs;
    const threshold = reported > LONGEST_PLAUSIBLE_THRESHOLD_MS ? DEFAULTS.stallThresholdMs : reported;
    const most = Math.max(LEAST_INTERVAL_MS, threshold / 2 - ON_THE_WAY_MS);
    return Math.min(settings.current.heartbeatIntervalSeconds * 1000, most);
  }

  async #machineFacts(): Promise<MachineFacts> {
    const { machineId, hostname } = await this.#parts.places.current();
    return { machineId, hostname, dockerSlot: this.#parts.settings.current.dockerSlot };
  }

  async #start(
    options: StartOrchestrationOptions,
    { at, join, untethered = false }: HowToStart,
  ): Promise<Result<SessionTracker>> {
    const { places, random, clock } = this.#parts;
    const where = checked(z.object({ folder: z.optional(z.string()) }), () => ({ folder: options.folder }));
    if (!where.ok) return where;
    const [{ machineId, workspaceId }, place] = await Promise.all([places.current(), places.at(where.value.folder)]);
    if (this.#isClosed) return failed({ code: 'ended', message: 'This window is closing.' });
    const body = checked(
      CreateSession,
      () => {
        const slot = options.dockerSlot ?? place.dockerSlot;
        return {
          session_id: random.uuid(),
          project_id: options.projectId ?? place.projectId,
          machine_id: machineId,
          ...(slot !== undefined && { docker_slot: slot }),
          ...(options.metadata !== undefined && { metadata: options.metadata }),
          occurred_at: dateOf(clock, at),
        };
      },
      { project_id: 'projectId', docker_slot: 'dockerSlot' },
    );
    if (!body.ok) return body;
    const { session_id = random.uuid(), occurred_at = dateOf(clock, at), ...request } = body.value;
    const joined = join && this.#trackerOf(request);
    if (joined) return done(joined);
    const content = {
      ...request,
      ...this.#freePlace(request, session_id),
      ...withPlace(request.metadata, place.metadata),
    };
    const held = await this.#parts.journals.create(
      {
        ...content,
        session_id,
        workspace: untethered ? NO_WORKSPACE : workspaceId,
        since: occurred_at,
        ...(join && { requested: { docker_slot: request.docker_slot } }),
      },
      { origin: 'started', create: { kind: 'create-session', body: { ...content, session_id, occurred_at } } },
    );
    return held ? done(this.#track(held)) : failed({ code: 'ended', message: 'Another window tracks this session.' });
  }

  /** The one that the same request of another extension began. */
  #trackerOf({ project_id, docker_slot }: CreateSession): SessionTracker | undefined {
    return this.#trackers.find(({ state, held: { session } }) => {
      const { requested } = session;
      return (
        isTracked(state) && requested && session.project_id === project_id && requested.docker_slot === docker_slot
      );
    });
  }

  /** A session that is ending is not in the way: its end is delivered before another one begins in its place. */
  #freePlace(wanted: Place, sessionId: string): Pick<Place, 'docker_slot'> {
    const isTaken = (place: Place) =>
      this.#trackers.some(({ state, held }) => isTracked(state) && isSamePlace(held.session, place));
    let { docker_slot } = wanted;
    while (isTaken({ ...wanted, docker_slot })) docker_slot = nextSlot(docker_slot, sessionId);
    return docker_slot === undefined ? {} : { docker_slot };
  }

  async #adopt(session: Session, tasks: readonly Task[], folder?: string): Promise<Adopted<SessionTracker>> {
    this.#closed.signal.throwIfAborted();
    const { places, journals } = this.#parts;
    const [{ workspaceId }, place] = await Promise.all([places.current(), places.at(folder)]);
    const { session_id } = session;
    const known = this.#trackers.find(({ sessionId }) => sessionId === session_id);
    if (known) return { kind: 'adopted', tracker: known };
    const held = await journals.create(
      {
        session_id,
        project_id: session.project_id,
        machine_id: session.machine_id,
        ...(session.docker_slot !== null && { docker_slot: session.docker_slot }),
        workspace: workspaceId,
        since: session.started_at,
        ...keptMetadata(session),
      },
      {
        origin: 'recovered',
        // What a newer server made of a task is not for this window to change.
        tasks: tasks.flatMap(({ task_id, task_name, status }) =>
          status === 'unknown' ? [] : { taskId: task_id, name: task_name, status },
        ),
      },
    );
    if (!held) return { kind: 'taken-over' };
    const metadata = changedPlace(session, place.metadata);
    if (metadata) void held.outbox.add({ kind: 'update-session', session_id, body: { metadata } });
    return { kind: 'adopted', tracker: this.#track(held) };
  }

  async #resume(): Promise<readonly SessionTracker[]> {
    const { journals, places, log, agents = NO_AGENTS } = this.#parts;
    try {
      const { workspaceId } = await places.current();
      if (this.#isClosed) return [];
      const orphans = await journals.takeOrphans(
        (session) => session.workspace === workspaceId || agents.isFollowed(session),
      );
      for (const held of orphans) if (held.ended) void this.#deliverLastWords(held);
      return orphans.filter(({ ended }) => !ended).map((held) => this.#track(held));
    } catch (error) {
      // They stay on the disk, for the next window.
      log.error(`What was tracked before could not be gone on with: ${errorText(error)}`);
      return [];
    }
  }

  /** A session is adopted even if its tasks cannot be read now: its heartbeat matters more. */
  async #tasksOf(session_id: string): Promise<readonly Task[]> {
    const tasks: Task[] = [];
    try {
      for (let offset = 0, total = 1; offset < total; offset += LIMITS.tasksPerPage) {
        const page = await this.#parts.connection.call(
          (client, signal) => client.listTasks({ session_id, limit: LIMITS.tasksPerPage, offset }, { signal }),
          this.#closed.signal,
        );
        tasks.push(...page.tasks);
        total = page.total;
      }
    } catch (error) {
      this.#parts.log.warn(`The tasks of session ${session_id} could not be read: ${errorText(error)}`);
    }
    return tasks;
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#turn.then(work);
    this.#turn = result.catch(() => undefined);
    return result;
  }

  #track(held: HeldSession): SessionTracker {
    const { connection, clock, random, log, agents = NO_AGENTS } = this.#parts;
    const tracker = new SessionTracker({
      held,
      agents,
      connection,
      clock,
      random,
      log,
      heartbeatIntervalMs: () => this.#heartbeatIntervalMs(),
    });
    this.#trackers.push(tracker);
    // Goes with the tracker: there may be thousands of them in the life of a window.
    tracker.onDidChange(() => {
      if (tracker.state.kind === 'ended') this.#forget(tracker);
      this.#tellOf(tracker);
    });
    tracker.onDidLearn((learned) => this.#learned.fire(learned));
    this.#wakeWatch.start();
    this.#machine.start();
    this.#started.fire(tracker);
    this.#tellOf(tracker);
    return tracker;
  }

  /** The session first: listeners to the tracker look at it. */
  #tellOf(tracker: SessionTracker): void {
    this.#ownChanged.fire(tracker.sessionId);
    this.#changed.fire(tracker);
  }

  #forget(tracker: SessionTracker): void {
    this.#trackers = this.#trackers.filter((other) => other !== tracker);
    if (this.#trackers.length > 0) return;
    this.#wakeWatch.dispose();
    this.#machine.stop();
  }

  #wake(sleptMs: number): void {
    this.#parts.log.info(`The machine was asleep for ${Math.round(sleptMs / 1000)} s; looking at the sessions first.`);
    for (const tracker of this.#trackers) tracker.wake();
  }

  async #deliverLastWords(held: HeldSession): Promise<void> {
    const { session, outbox } = held;
    this.#lastWords.add(held);
    outbox.onDidLearn((learned) => this.#learned.fire(learned));
    this.#ownChanged.fire(session.session_id);
    await outbox.whenEmpty(this.#closed.signal);
    if (this.#isClosed) return;
    this.#lastWords.delete(held);
    this.#ownChanged.fire(session.session_id);
    await held.discard();
  }
}

/** Of Claude Code's sessions: its conversation and where that goes on. Another API is told of them, too. */
const KEPT_OF_CLAUDE = ['title', 'source', 'claude_session_id', 'cwd', 'transcript'] as const;

/**
 * What a recovered session of Claude Code is about. With the source, by which `withoutPrompts` keeps the title on this
 * machine; of others nobody knows whether a prompt made it.
 */
function keptMetadata({ metadata }: Session): Pick<TrackedSession, 'metadata'> {
  if (metadata['source'] !== 'claude-code') return {};
  const kept = KEPT_OF_CLAUDE.flatMap((key) => {
    const value = metadata[key];
    return typeof value === 'string' ? [[key, value] as const] : [];
  });
  return { metadata: Object.fromEntries(kept) };
}
