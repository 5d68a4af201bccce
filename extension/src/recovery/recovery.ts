import {
  ApiError,
  ConflictError,
  type RecoveryState,
  type Session,
  TimeoutError,
  UnavailableError,
} from '@claude-projects/shared/client';
import { isDerivedSlot } from '@claude-projects/shared/contract';
import type { OrchestrationTask } from '../../api.d.ts';
import type { ConversationPlace } from '../claude-code/claude-conversation.ts';
import { Cancelled } from '../commands/cancelled.ts';
import { showSession } from '../commands/explain.ts';
import { Refusal } from '../commands/refusal.ts';
import type { SessionsTree, SessionsView } from '../commands/sessions-view.ts';
import type { Ui } from '../commands/ui.ts';
import type { Connection } from '../connection/connection.ts';
import type { Lifecycle } from '../lifecycle/lifecycle.ts';
import type { Tracker } from '../lifecycle/tracker.ts';
import type { NoticeAction, Notifier, RunCommand } from '../notifications/notifier.ts';
import { backoffMs } from '../platform/backoff.ts';
import { type Clock, pause } from '../platform/clock.ts';
import { errorText } from '../platform/error-text.ts';
import { localTime } from '../platform/local-time.ts';
import type { Localize } from '../platform/localize.ts';
import type { Log } from '../platform/log.ts';
import { plainNames, plainText } from '../platform/plain-text.ts';
import type { Random } from '../platform/random.ts';
import type { SessionLabels } from '../sessions/session-labels.ts';
import { nextSlot } from '../workspace/derived-place.ts';
import { folderOf } from '../workspace/place-metadata.ts';
import type { WorkspacePlaces } from '../workspace/workspace-place.ts';
import { describePlan } from './recovery-plan.ts';

export interface RecoveryParts {
  readonly ui: Pick<Ui, 'confirm' | 'progress'>;
  readonly notifier: Notifier;
  readonly run: RunCommand;
  readonly localize: Localize;
  readonly log: Log;
  readonly clock: Clock;
  readonly random: Random;
  readonly connection: Pick<Connection, 'call'>;
  readonly lifecycle: Pick<Lifecycle, 'trackers' | 'adopt'>;
  readonly sessions: Pick<SessionsView, 'learn'>;
  readonly labels: Pick<SessionLabels, 'nameOf'>;
  readonly tree: Pick<SessionsTree, 'reveal'>;
  readonly places: Pick<WorkspacePlaces, 'current' | 'at'>;
  /** Whether Claude Code resumes its conversation here. */
  readonly claude: { conversationOf(session: Session): Promise<ConversationPlace> };
}

/** Where the successor is to run: here. */
interface Place {
  readonly machineId: string;
  /** Where the agent worked on this machine. */
  readonly folder: string | undefined;
  /** Tried first. */
  readonly dockerSlot: number | undefined;
}

/** What is to be recovered. */
interface Wanted {
  readonly session: Session;
  /** As people know it before its tasks move. */
  readonly name: string;
  readonly place: Place;
}

/** Whether this window keeps the successor alive, or who does. */
type Keeper =
  | { readonly kind: 'this-window'; readonly tracker: Tracker; readonly isNew: boolean }
  | { readonly kind: 'another-window' | 'elsewhere' };

/** So many taken places are tried before somebody is asked to make room. */
const MOST_PLACES = 100;
/** Characters of a task’s name. */
const MOST_ON_BUTTON = 40;
const TRIES = 3;
const BETWEEN_TRIES = { firstMs: 1000, capMs: 4000 };

/** From a dead session to its successor in this window. Repeating it does no harm, here or on another machine. */
export class Recovery {
  readonly #parts: RecoveryParts;
  /** Those that were asked for: their successor on this machine may be ours, if no other window holds its journal. */
  readonly #asked = new Set<string>();
  readonly #underWay = new Map<string, Promise<void>>();
  /** By the session that goes on with it: what was to be done when it was recovered. */
  readonly #plans = new Map<string, RecoveryState>();

  constructor(parts: RecoveryParts) {
    this.#parts = parts;
  }

  /** Rejects with `Cancelled`, a `Refusal` or an `ApiError`: for the wrapper around commands to tell. */
  async recover(session: Session): Promise<void> {
    const { session_id } = session;
    // Who asks twice, as with a notification and a button of the tree, joins what is under way.
    const work = this.#underWay.get(session_id) ?? this.#begin(session);
    this.#underWay.set(session_id, work);
    try {
      await work;
    } finally {
      this.#underWay.delete(session_id);
    }
  }

  /**
   * Recovers what ended together, after one question for all. Whatever cannot be recovered without a question stays for
   * the Sessions view.
   */
  async recoverTogether(sessionIds: readonly string[]): Promise<void> {
    const { ui, log, localize } = this.#parts;
    let recovered = 0;
    const all = sessionIds.length;
    const title = all === 1 ? localize('Recovering a session…') : localize('Recovering {0} sessions…', all);
    await ui.progress(title, async (_report, signal) => {
      for (const sessionId of sessionIds) {
        if (signal.aborted) return;
        try {
          if (await this.#recoverUnasked(sessionId)) recovered += 1;
        } catch (error) {
          log.warn(`Session ${sessionId} could not be recovered together with others: ${errorText(error)}`);
        }
      }
    });
    this.#tellOfTogether(recovered, all);
  }

  /** What this machine recovered for this window, before anybody goes on with it. */
  planOf(sessionId: string): RecoveryState | undefined {
    return this.#plans.get(sessionId);
  }

  async #begin(session: Session): Promise<void> {
    this.#refuseIfOurs(session);
    const name = this.#parts.labels.nameOf(session);
    const wanted = { session, name, place: await this.#place(session) };
    const state = await this.#readState(session.session_id);
    if (state.recovered_by !== null) return this.#welcome(wanted, await this.#successor(state.recovered_by));
    this.#refuseIfNotDead(state);
    const plan = describePlan(state, await this.#parts.claude.conversationOf(session), this.#parts.localize);
    const force = await this.#confirm(wanted, state, plan);
    const successor = await this.#carryOut(wanted, state, { force, plan });
    this.#plans.set(successor.session_id, state);
    await this.#welcome(wanted, successor);
  }

  /** Whether this window goes on with it now. */
  async #recoverUnasked(sessionId: string): Promise<boolean> {
    const { connection, labels, sessions } = this.#parts;
    const session = await connection.call((client, signal) => client.getSession(sessionId, { signal }));
    const state = await connection.call((client, signal) => client.getRecoveryState(sessionId, { signal }));
    if (state.recovered_by !== null) return false;
    // Its end may still be on its way to the API.
    if (!state.recoverable) await this.#markFailed(sessionId);
    const wanted = { session, name: labels.nameOf(session), place: await this.#place(session) };
    const successor = await this.#replace(sessionId, wanted.place, false);
    this.#plans.set(successor.session_id, state);
    sessions.learn({ kind: 'session', session: successor });
    const keeper = await this.#keeper(wanted, successor);
    return keeper.kind === 'this-window';
  }

  async #markFailed(sessionId: string): Promise<void> {
    const body = { error_message: 'Interrupted: its machine stopped.' };
    await this.#parts.connection.call((client, signal) => client.markSessionFailed(sessionId, body, { signal }));
  }

  #refuseIfOurs({ session_id }: Session): void {
    const { lifecycle, localize } = this.#parts;
    if (!lifecycle.trackers.some(({ sessionId }) => sessionId === session_id)) return;
    throw new Refusal(localize('This window keeps the session alive; it needs no recovery.'));
  }

  /** A session that had a place of its own keeps it; another one goes to the place of the folder it worked in. */
  async #place(session: Session): Promise<Place> {
    const { places } = this.#parts;
    const { machineId } = await places.current();
    const { machine_id, docker_slot } = session;
    const folder = machine_id === machineId ? folderOf(session) : undefined;
    if (machine_id === machineId && isDerivedSlot(docker_slot)) return { machineId, folder, dockerSlot: docker_slot };
    return { machineId, folder, dockerSlot: (await places.at(folder)).dockerSlot };
  }

  #readState(sessionId: string): Promise<RecoveryState> {
    const { ui, connection, localize } = this.#parts;
    return ui.progress(localize('Reading what can be recovered…'), (_report, signal) =>
      connection.call((client, signal) => client.getRecoveryState(sessionId, { signal }), signal),
    );
  }

  #successor(sessionId: string): Promise<Session> {
    const { ui, connection, localize } = this.#parts;
    return ui.progress(localize('Reading the session that goes on with it…'), (_report, signal) =>
      connection.call((client, signal) => client.getSession(sessionId, { signal }), signal),
    );
  }

  #refuseIfNotDead({ recoverable, status, session_id, last_heartbeat }: RecoveryState): void {
    const { localize } = this.#parts;
    if (recoverable) return;
    if (status === 'completed') throw new Refusal(localize('The session ended well; there is nothing to recover.'));
    if (status === 'unknown') {
      throw new Refusal(
        localize(
          'This version of the extension does not know the state of the session, and the server does not allow a recovery.',
        ),
        [showSession(session_id, localize)],
      );
    }
    throw new Refusal(
      localize(
        'The session is alive: its last heartbeat came at {0}. If its machine is gone for good, mark it as failed first.',
        localTime(last_heartbeat),
      ),
      [
        {
          label: localize('Mark Session Failed'),
          command: 'claudeProjects.markSessionFailed',
          args: [session_id],
        },
        showSession(session_id, localize),
      ],
    );
  }

  /** Whether the limit is to be overridden. */
  async #confirm({ name }: Wanted, state: RecoveryState, plan: string): Promise<boolean> {
    const { ui, localize } = this.#parts;
    if (state.recovery_attempts >= state.max_recovery_attempts) {
      await this.#confirmForce(plan);
      return true;
    }
    await ui.confirm({
      message: localize('Recover the session of {0} in this window?', name),
      detail: plan,
      action: localize('Recover'),
    });
    return false;
  }

  #confirmForce(plan: string): Promise<void> {
    const { ui, localize } = this.#parts;
    return ui.confirm({
      message: localize('This work keeps dying: it was recovered as often as is allowed. Recover it anyway?'),
      detail: `${localize('Look at why it dies before you try once more.')}\n\n${plan}`,
      action: localize('Recover Anyway'),
    });
  }

  async #carryOut(
    { session, name, place }: Wanted,
    state: RecoveryState,
    { force, plan }: { readonly force: boolean; readonly plan: string },
  ): Promise<Session> {
    const { ui, localize } = this.#parts;
    const run = (force: boolean) =>
      ui.progress(localize('Recovering the session of {0}…', name), async (report, signal) => {
        report(localize('preparing'));
        await this.#prepare(state, signal);
        // From here on it goes through: nobody would beat for a successor that was made and not waited for.
        if (signal.aborted) throw new Cancelled();
        report(localize('moving the tasks to a new session'));
        return this.#replace(session.session_id, place, force);
      });
    try {
      return await run(force);
    } catch (error) {
      // Somebody else recovered the lineage in between.
      if (!(error instanceof ConflictError && error.code === 'RECOVERY_LIMIT_REACHED')) throw error;
      await this.#confirmForce(plan);
      return run(true);
    }
  }

  /** A note for others that somebody is at it. Where the state does not allow it, the recovery itself decides. */
  async #prepare({ session_id }: RecoveryState, signal: AbortSignal): Promise<void> {
    try {
      await this.#parts.connection.call((client, signal) => client.prepareRecovery(session_id, { signal }), signal);
    } catch (error) {
      if (!(error instanceof ApiError && error.code === 'INVALID_STATE')) throw error;
    }
  }

  async #replace(sessionId: string, { machineId, dockerSlot }: Place, force: boolean): Promise<Session> {
    this.#asked.add(sessionId);
    let slot = dockerSlot;
    for (let places = 1; ; places += 1) {
      try {
        return await this.#replaceIn(sessionId, machineId, slot, force);
      } catch (error) {
        const isTaken = error instanceof ConflictError && error.code === 'ACTIVE_SESSION_EXISTS';
        if (!isTaken || places >= MOST_PLACES) {
          // Without an answer it may have been done.
          if (!mayPass(error)) this.#asked.delete(sessionId);
          throw error;
        }
        slot = nextSlot(slot, sessionId);
      }
    }
  }

  async #replaceIn(sessionId: string, machineId: string, slot: number | undefined, force: boolean): Promise<Session> {
    const { connection, clock, random, log } = this.#parts;
    const request = { new_machine_id: machineId, ...(slot !== undefined && { docker_slot: slot }), force };
    for (let tries = 1; ; tries += 1) {
      try {
        return await connection.call((client, signal) => client.recoverSession(sessionId, request, { signal }));
      } catch (error) {
        if (!mayPass(error) || tries >= TRIES) throw error;
        log.warn(`Recovering session ${sessionId} failed and is tried again: ${error.code}`);
        await pause(clock, backoffMs(BETWEEN_TRIES, tries, random), new AbortController().signal);
      }
    }
  }

  async #welcome(wanted: Wanted, successor: Session): Promise<void> {
    const { sessions, tree } = this.#parts;
    sessions.learn({ kind: 'session', session: successor });
    const keeper = await this.#keeper(wanted, successor);
    if (keeper.kind === 'this-window' && keeper.isNew) await this.#tellItIsHere(wanted, successor, keeper.tracker);
    else if (keeper.kind === 'this-window') this.#tellItWasHere(wanted, successor);
    else if (keeper.kind === 'another-window') this.#tellItIsInAnotherWindow(wanted, successor);
    else this.#tellItIsElsewhere(wanted, successor);
    await tree.reveal(successor.session_id);
  }

  /** Two windows may have asked at once, and both got the same successor: the journal belongs to one of them. */
  async #keeper({ session, place }: Wanted, successor: Session): Promise<Keeper> {
    const { lifecycle } = this.#parts;
    const { machineId, folder } = place;
    const tracker = lifecycle.trackers.find(({ sessionId }) => sessionId === successor.session_id);
    if (tracker) return { kind: 'this-window', tracker, isNew: false };
    const asked = this.#asked.delete(session.session_id);
    if (!asked || successor.machine_id !== machineId || successor.status !== 'active') return { kind: 'elsewhere' };
    const adopted = await lifecycle.adopt(successor, folder);
    return adopted.kind === 'adopted'
      ? { kind: 'this-window', tracker: adopted.tracker, isNew: true }
      : { kind: 'another-window' };
  }

  async #tellItIsHere({ name }: Wanted, successor: Session, tracker: Tracker): Promise<void> {
    const { notifier, claude, localize, log } = this.#parts;
    const { session_id } = successor;
    log.info(`This window goes on with session ${session_id}.`);
    const isResumed = (await claude.conversationOf(successor)) === 'here';
    const waiting = tracker.tasks.filter(({ status }) => status === 'pending');
    const tasks = plainNames(
      waiting.map((task) => task.name),
      localize,
    );
    const show = this.#action(localize('Show Session'), 'claudeProjects.showSessionDetails', session_id);
    notifier.notify({
      severity: 'info',
      message: isResumed ? resumedSentence(name, tasks, localize) : waitsSentence(name, tasks, localize),
      // Claude Code starts its own tasks.
      actions: isResumed
        ? [this.#action(localize('Show Terminal'), 'claudeProjects.showTerminal', session_id), show]
        : [this.#startAction(session_id, waiting[0]), show],
    });
  }

  #startAction(session_id: string, task: OrchestrationTask | undefined): NoticeAction {
    const { localize } = this.#parts;
    if (task === undefined) return this.#action(localize('Start Task'), 'claudeProjects.startTask', session_id);
    const { taskId: task_id, name: task_name } = task;
    const label = localize('Start “{0}”', plainText(task_name, MOST_ON_BUTTON));
    return this.#action(label, 'claudeProjects.startTask', { task_id, session_id, task_name });
  }

  #tellOfTogether(recovered: number, all: number): void {
    const { notifier, run, localize } = this.#parts;
    notifier.notify({
      severity: recovered === all ? 'info' : 'warning',
      message: togetherSentence(recovered, all, localize),
      actions: [{ label: localize('Show Sessions'), run: () => run('claudeProjects.sessions.focus') }],
    });
  }

  #tellItWasHere({ name }: Wanted, { session_id }: Session): void {
    const { notifier, localize } = this.#parts;
    notifier.notify({
      severity: 'info',
      message: localize('The session of {0} was already recovered. This window keeps it alive.', name),
      actions: [this.#action(localize('Show Session'), 'claudeProjects.showSessionDetails', session_id)],
    });
  }

  #tellItIsInAnotherWindow({ name }: Wanted, { session_id }: Session): void {
    const { notifier, localize, log } = this.#parts;
    log.info(`Another window goes on with session ${session_id}.`);
    notifier.notify({
      severity: 'info',
      message: localize(
        'Another window recovered the session of {0} at the same time. The session continues in that window.',
        name,
      ),
      actions: [this.#action(localize('Show Session'), 'claudeProjects.showSessionDetails', session_id)],
    });
  }

  #tellItIsElsewhere({ name, place }: Wanted, { session_id, machine_id }: Session): void {
    const { notifier, localize, log } = this.#parts;
    log.info(`The session was recovered by ${machine_id}, as ${session_id}.`);
    notifier.notify({
      severity: 'info',
      message:
        machine_id === place.machineId
          ? localize('The session of {0} was already recovered on this machine. It continues there.', name)
          : localize('{0} recovered the session of {1} first. The session continues there.', machine_id, name),
      actions: [this.#action(localize('Show Session'), 'claudeProjects.showSessionDetails', session_id)],
    });
  }

  #action(label: string, command: string, subject: unknown): NoticeAction {
    return { label, run: () => this.#parts.run(command, subject) };
  }
}

function resumedSentence(name: string, tasks: string, localize: Localize): string {
  return tasks === ''
    ? localize('The session of {0} is recovered. Claude Code continues in a terminal.', name)
    : localize(
        'The session of {0} is recovered. Claude Code continues in a terminal. Remaining tasks: {1}',
        name,
        tasks,
      );
}

function togetherSentence(recovered: number, all: number, localize: Localize): string {
  if (recovered < all) {
    return localize(
      '{0} of {1} sessions were recovered. Claude Code continues in a terminal for each. Look at the others in the Sessions view.',
      recovered,
      all,
    );
  }
  return all === 1
    ? localize('The session is recovered. Claude Code continues in a terminal.')
    : localize('{0} sessions are recovered. Claude Code continues in a terminal for each.', all);
}

function waitsSentence(name: string, tasks: string, localize: Localize): string {
  return tasks === ''
    ? localize('The session of {0} is recovered. No task starts by itself: start a task when you are ready.', name)
    : localize('The session of {0} is recovered. No task starts by itself. Pending tasks: {1}', name, tasks);
}

/** The same request may do it later; whether this one did is unknown. */
function mayPass(error: unknown): error is UnavailableError | TimeoutError {
  return error instanceof UnavailableError || error instanceof TimeoutError;
}
