import type { Session } from '@claude-projects/shared/client';
import * as z from 'zod/mini';
import type { Connection } from '../connection/connection.ts';
import type { Tracker } from '../lifecycle/tracker.ts';
import type { WindowLifecycle } from '../lifecycle/window-lifecycle.ts';
import type { Notifier, RunCommand } from '../notifications/notifier.ts';
import type { Disposable } from '../platform/disposable.ts';
import { errorText } from '../platform/error-text.ts';
import type { Localize } from '../platform/localize.ts';
import type { Log } from '../platform/log.ts';
import type { SessionLabels } from '../sessions/session-labels.ts';
import type { ClaudeState } from './claude-state.ts';
import type { LookAtProcess } from './process-look.ts';
import type { Spool } from './spool.ts';
import type { Terminals } from './terminals.ts';

export interface ResumeAfterRecoveryParts {
  readonly lifecycle: Pick<WindowLifecycle, 'onDidStart'>;
  readonly connection: Pick<Connection, 'call'>;
  readonly labels: Pick<SessionLabels, 'nameOf'>;
  readonly spool: Spool;
  readonly look: LookAtProcess;
  readonly terminals: Pick<Terminals, 'run'>;
  readonly notifier: Notifier;
  readonly run: RunCommand;
  readonly localize: Localize;
  readonly log: Log;
  /** A hook has reported what goes on as that session. */
  readonly isFollowed: (sessionId: string) => boolean;
}

/** It becomes a word of a command: nothing in it may mean anything to a shell. */
const OfClaude = z.object({ claude_session_id: z.string().check(z.regex(/^[A-Za-z0-9][\w-]{0,99}$/)) });

/**
 * Where the conversation of a session is; undefined for a session of another agent, and for a conversation that only a
 * newer version can resume.
 */
export type ConversationPlace = 'here' | 'elsewhere' | undefined;

export async function conversationOf(
  { metadata }: Pick<Session, 'metadata'>,
  spool: Pick<Spool, 'state'>,
): Promise<ConversationPlace> {
  const claude = OfClaude.safeParse(metadata).data?.claude_session_id;
  if (claude === undefined) return undefined;
  const state = await spool.state(claude);
  if (state === 'newer') return undefined;
  return state === undefined ? 'elsewhere' : 'here';
}

/**
 * A session of Claude Code that was recovered in this window goes on in a terminal: one for each recovery, which
 * somebody asked for and the API allowed, and never again by itself.
 */
export class ResumeAfterRecovery implements Disposable {
  readonly #parts: ResumeAfterRecoveryParts;
  readonly #listening: Disposable;

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

  dispose(): void {
    this.#listening.dispose();
  }

  async #consider(tracker: Tracker): Promise<void> {
    const { connection, labels, spool, isFollowed } = this.#parts;
    const { sessionId } = tracker;
    const session = await connection.call((client, signal) => client.getSession(sessionId, { signal }));
    const claude = OfClaude.safeParse(session.metadata).data?.claude_session_id;
    if (session.recovered_from === null || claude === undefined || isFollowed(sessionId)) return;
    const name = labels.nameOf(session);
    const state = await spool.state(claude);
    if (!state) return this.#tellItIsNotHere(name, claude);
    // Where and how it ran is for the newer version to know.
    if (state === 'newer') return;
    // After a reload of the window it is started again, and not to be resumed again.
    if (await spool.mark(claude, `resumed.${sessionId}`)) await this.#resume(tracker, name, claude, state);
  }

  async #resume(tracker: Tracker, name: string, claude: string, state: ClaudeState): Promise<void> {
    const { terminals, look, localize, log, isFollowed } = this.#parts;
    const { sessionId } = tracker;
    const liveness = state.process ? await look(state.process, state.seenAt) : 'unknown';
    // Two processes would write into one conversation: unless the old one is known to be dead, the new one gets a copy.
    const fork = liveness === 'gone' ? [] : ['--fork-session'];
    log.info(`Session ${sessionId} goes on in a terminal; the process of before is ${liveness}.`);
    const code = await terminals.run({
      name: localize('Claude Code: {0}', name),
      cwd: state.cwd,
      env: { CLAUDE_PROJECTS_SESSION: sessionId },
      words: ['claude', '--resume', claude, ...fork],
    });
    if (isFollowed(sessionId) || isOver(tracker)) return;
    if (code === 0) await tracker.complete();
    else await this.#tellItFailed(tracker, name, claude, code);
  }

  async #tellItFailed(tracker: Tracker, name: string, claude: string, code: number | undefined): Promise<void> {
    const { notifier, run, localize } = this.#parts;
    const why = code === undefined ? 'its terminal was closed' : `it ended with code ${code}`;
    await tracker.fail(`claude --resume ${claude} did not go on: ${why}`);
    notifier.notify({
      severity: 'error',
      message:
        code === undefined
          ? localize('Claude Code did not go on with the session of {0}: its terminal was closed.', name)
          : localize('Claude Code did not go on with the session of {0}: it ended with code {1}.', name, code),
      actions: [
        {
          label: localize('Show Session'),
          run: () => run('claudeProjects.showSessionDetails', tracker.sessionId),
        },
      ],
    });
  }

  #tellItIsNotHere(name: string, claude: string): void {
    const { notifier, localize } = this.#parts;
    notifier.notify({
      severity: 'warning',
      message: localize(
        'The session of {0} is recovered, but Claude Code’s conversation {1} is not on this machine. Start Claude Code anew.',
        name,
        claude,
      ),
      actions: [],
    });
  }
}

function isOver({ state }: Tracker): boolean {
  return state.kind === 'ending' || state.kind === 'ended';
}
