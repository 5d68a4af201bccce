import type { RecoveryState, Session } from '@claude-projects/shared/client';
import type { Connection } from '../connection/connection.ts';
import type { Tracker } from '../lifecycle/tracker.ts';
import type { WindowLifecycle } from '../lifecycle/window-lifecycle.ts';
import type { NoticeAction, Notifier, RunCommand } from '../notifications/notifier.ts';
import type { Clock } from '../platform/clock.ts';
import type { Disposable } from '../platform/disposable.ts';
import { errorText } from '../platform/error-text.ts';
import type { Localize } from '../platform/localize.ts';
import type { Log } from '../platform/log.ts';
import type { SessionLabels } from '../sessions/session-labels.ts';
import { conversationIn, livenessOf, resumeWords } from './claude-conversation.ts';
import type { ClaudeState } from './claude-state.ts';
import type { LookAtProcess } from './process-look.ts';
import { resumePrompt, SHORT_PROMPT } from './resume-prompt.ts';
import type { ListProcesses } from './running-processes.ts';
import type { SessionTerminals } from './session-terminals.ts';
import type { Spool } from './spool.ts';
import { pidsOf, START_LIMIT_MS, type StartOutcome, watchStart } from './start-watch.ts';
import type { TerminalRun, Terminals } from './terminals.ts';

export interface ResumeAfterRecoveryParts {
  readonly lifecycle: Pick<WindowLifecycle, 'onDidStart'>;
  readonly connection: Pick<Connection, 'call'>;
  readonly labels: Pick<SessionLabels, 'nameOf'>;
  readonly clock: Clock;
  readonly spool: Spool;
  readonly look: LookAtProcess;
  readonly processes: ListProcesses;
  readonly terminals: Pick<Terminals, 'run'>;
  readonly sessionTerminals: Pick<SessionTerminals, 'remember'>;
  /** The plan that was shown before the recovery; undefined where this window did not make it. */
  readonly planOf: (sessionId: string) => RecoveryState | undefined;
  readonly notifier: Notifier;
  readonly run: RunCommand;
  readonly localize: Localize;
  readonly log: Log;
  /** A hook has reported what goes on as that session. */
  readonly isFollowed: (sessionId: string) => boolean;
}

/** A recovered session, as its parts here need it. */
interface Resumed {
  readonly tracker: Tracker;
  readonly name: string;
  readonly conversation: string;
}

type Failure = Exclude<StartOutcome, { readonly kind: 'settled' }>;

/**
 * A session of Claude Code that was recovered in this window goes on in a terminal: one for each recovery, which
 * somebody asked for and the API allowed, and never again by itself. It counts as failed where nothing proves that
 * Claude Code runs.
 */
export class ResumeAfterRecovery implements Disposable {
  readonly #parts: ResumeAfterRecoveryParts;
  readonly #listening: Disposable;
  readonly #closed = new AbortController();
  readonly #told = new Set<string>();

  constructor(parts: ResumeAfterRecoveryParts) {
    this.#parts = parts;
    this.#listening = parts.lifecycle.onDidStart((tracker) => {
      // What begins here is not known to the API yet; what was recovered is.
      if (tracker.state.kind !== 'running') return;
      this.#consider(tracker).catch((error: unknown) => {
        parts.log.warn(`Claude Code could not be resumed for session ${tracker.sessionId}: ${errorText(error)}`);
      });
    });
  }

  /** Its failure was told, with what to do about it. */
  hasTold(sessionId: string): boolean {
    return this.#told.has(sessionId);
  }

  dispose(): void {
    this.#listening.dispose();
    this.#closed.abort();
  }

  async #consider(tracker: Tracker): Promise<void> {
    const { connection, labels, spool, isFollowed } = this.#parts;
    const { sessionId } = tracker;
    const session = await connection.call((client, signal) => client.getSession(sessionId, { signal }));
    const conversation = conversationIn(session);
    if (session.recovered_from === null || conversation === undefined || isFollowed(sessionId)) return;
    const resumed = { tracker, name: labels.nameOf(session), conversation };
    const state = await spool.state(conversation);
    // Where and how it ran is for the newer version to know.
    if (state === 'newer') return;
    const isFirst = await spool.claimRecovery(sessionId);
    if (isFirst && !state) this.#tellItIsNotHere(resumed, session);
    else if (isFirst && state) await this.#resume(resumed, state);
    // After a reload of the window the session is started again, and its conversation is not to be resumed again.
    else if (state) await this.#untilProven(resumed, new Set(), undefined);
  }

  async #resume(resumed: Resumed, state: ClaudeState): Promise<void> {
    const { terminals, sessionTerminals, look, processes, planOf, localize, log } = this.#parts;
    const { tracker, name, conversation } = resumed;
    const { sessionId } = tracker;
    const liveness = await livenessOf(state, look);
    const plan = planOf(sessionId);
    const older = (await pidsOf(conversation, processes)) ?? new Set();
    log.info(`Session ${sessionId} goes on in a terminal; the process of before is ${liveness}.`);
    // A copy of the conversation has a new id, and nothing is remembered of that.
    if (state.title !== undefined) tracker.describe({ title: state.title });
    // Without a detail: that would be the reason for which it has stopped.
    tracker.reportActivity('idle');
    const run = terminals.run({
      name: localize('Claude Code: {0}', name),
      cwd: state.cwd,
      env: { CLAUDE_PROJECTS_SESSION: sessionId },
      words: resumeWords(conversation, liveness),
      prompt: { text: plan ? resumePrompt(plan) : SHORT_PROMPT, short: SHORT_PROMPT },
    });
    sessionTerminals.remember(sessionId, run.terminal);
    await this.#untilProven(resumed, older, run);
  }

  async #untilProven(resumed: Resumed, older: ReadonlySet<number>, run: TerminalRun | undefined): Promise<void> {
    const { clock, processes, isFollowed } = this.#parts;
    const { tracker, conversation } = resumed;
    const outcome = await watchStart({
      clock,
      processes,
      conversation,
      older,
      run,
      isSettled: () => isFollowed(tracker.sessionId) || isOver(tracker),
      onWait: () =>
        tracker.reportActivity('waiting_for_input', 'Claude Code has not begun. It may ask something in its terminal.'),
      signal: this.#closed.signal,
    });
    if (outcome.kind === 'settled') return;
    if (outcome.kind === 'ended' && outcome.code === 0) await tracker.complete();
    else await this.#fail(resumed, outcome, run);
  }

  async #fail(resumed: Resumed, failure: Failure, run: TerminalRun | undefined): Promise<void> {
    const { notifier, localize } = this.#parts;
    const { tracker, name, conversation } = resumed;
    const { sessionId } = tracker;
    // Before it is known as failed: nobody is to be asked a second time.
    this.#told.add(sessionId);
    await tracker.fail(`claude --resume ${conversation} did not go on: ${reasonOf(failure)}`);
    notifier.notify({
      severity: 'error',
      message: failureSentence(failure, name, localize),
      actions: [
        ...(run?.terminal.isOpen ? [this.#action(localize('Show Terminal'), 'showTerminal', sessionId)] : []),
        this.#action(localize('Copy Command'), 'copyResumeCommand', sessionId),
        this.#action(localize('Show Session'), 'showSessionDetails', sessionId),
      ],
    });
  }

  #tellItIsNotHere({ name, conversation }: Resumed, { session_id }: Session): void {
    const { notifier, localize } = this.#parts;
    notifier.notify({
      severity: 'warning',
      message: localize(
        'The session of {0} is recovered, but the Claude Code conversation {1} is not on this machine. Start a new Claude Code session for its tasks.',
        name,
        conversation,
      ),
      actions: [this.#action(localize('Show Session'), 'showSessionDetails', session_id)],
    });
  }

  #action(label: string, command: string, sessionId: string): NoticeAction {
    return { label, run: () => this.#parts.run(`claudeProjects.${command}`, sessionId) };
  }
}

/** For the record of the session. */
function reasonOf(failure: Failure): string {
  if (failure.kind === 'missing') return `no sign of it within ${START_LIMIT_MS / 1000} s`;
  return failure.code === undefined ? 'its terminal was closed' : `it ended with code ${failure.code}`;
}

function failureSentence(failure: Failure, name: string, localize: Localize): string {
  if (failure.kind === 'missing') {
    return localize(
      'Claude Code did not start for the session of {0}: there was no sign of it within {1} seconds. Look at its terminal, or run the command in another one.',
      name,
      START_LIMIT_MS / 1000,
    );
  }
  return failure.code === undefined
    ? localize('Claude Code did not go on with the session of {0}: its terminal was closed.', name)
    : localize('Claude Code did not go on with the session of {0}: it ended with code {1}.', name, failure.code);
}

function isOver({ state }: Tracker): boolean {
  return state.kind === 'ending' || state.kind === 'ended';
}
