import { NotFoundError } from '@claude-projects/shared/client';
import type { Connection } from '../connection/connection.ts';
import type { WindowLifecycle } from '../lifecycle/window-lifecycle.ts';
import type { Notifier, RunCommand } from '../notifications/notifier.ts';
import type { Clock } from '../platform/clock.ts';
import type { Disposable } from '../platform/disposable.ts';
import { errorText } from '../platform/error-text.ts';
import type { Localize } from '../platform/localize.ts';
import type { Log } from '../platform/log.ts';
import { livenessOf } from './claude-conversation.ts';
import type { ClaudeState } from './claude-state.ts';
import type { LookAtProcess } from './process-look.ts';
import type { Spool } from './spool.ts';

export interface MachineRestartParts {
  readonly spool: Spool;
  readonly lifecycle: Pick<WindowLifecycle, 'trackers' | 'failOrphan'>;
  readonly connection: Pick<Connection, 'call'>;
  readonly clock: Clock;
  readonly look: LookAtProcess;
  /** When this machine started, in milliseconds since the epoch. */
  readonly bootedAt: () => number;
  /** Recovers them here, without further questions. */
  readonly recoverTogether: (sessionIds: readonly string[]) => Promise<void>;
  readonly notifier: Notifier;
  readonly run: RunCommand;
  readonly localize: Localize;
  readonly log: Log;
}

interface Ended {
  readonly conversation: string;
  readonly sessionId: string;
}

/** By then the windows that the editor has opened again have ended the sessions of their folders themselves. */
export const SETTLE_MS = 15_000;

/**
 * Offers, at the first start of the editor after a restart of the machine, to resume all sessions of Claude Code that
 * the restart ended. Of all windows one offers it, and it offers each session once.
 */
export class MachineRestart implements Disposable {
  readonly #parts: MachineRestartParts;
  /** Those that no other window offers from now on. */
  #claimed: readonly Ended[] = [];
  #timer: Disposable | undefined;
  #disposed = false;

  constructor(parts: MachineRestartParts) {
    this.#parts = parts;
  }

  /** To be called before this window takes in what Claude Code reported: that ends sessions, too. */
  async look(): Promise<void> {
    this.#claimed = await this.#claim();
    if (this.#claimed.length === 0 || this.#disposed) return;
    this.#timer = this.#parts.clock.after(SETTLE_MS, () => {
      this.#offer().catch((error: unknown) => {
        this.#parts.log.error(`Sessions that ended with the machine could not be offered: ${errorText(error)}`);
      });
    });
  }

  /** Whether the session is, or was, offered together with others. */
  async isOffered(conversation: string, sessionId: string): Promise<boolean> {
    return this.#parts.spool.isMarked(conversation, markOf(sessionId));
  }

  dispose(): void {
    this.#disposed = true;
    this.#timer?.dispose();
  }

  /** Leaves to the next window what was not offered yet: a window may be reloaded as soon as it is open. */
  async close(): Promise<void> {
    this.dispose();
    const { spool } = this.#parts;
    for (const { conversation, sessionId } of this.#claimed) await spool.unmark(conversation, markOf(sessionId));
    this.#claimed = [];
  }

  async #claim(): Promise<readonly Ended[]> {
    const { spool } = this.#parts;
    const claimed: Ended[] = [];
    for (const conversation of [...(await spool.sessions())].sort()) {
      const state = await spool.state(conversation);
      if (state === undefined || state === 'newer' || !(await this.#endedWithMachine(state))) continue;
      const { sessionId } = state;
      if (sessionId === undefined) continue;
      if (await spool.mark(conversation, markOf(sessionId))) claimed.push({ conversation, sessionId });
      // Whoever has the first has them all: windows go through them in one order.
      else if (claimed.length === 0) return [];
    }
    return claimed;
  }

  async #endedWithMachine(state: ClaudeState): Promise<boolean> {
    const { bootedAt, look } = this.#parts;
    return state.phase === 'live' && state.seenAt < bootedAt() && (await livenessOf(state, look)) === 'gone';
  }

  async #offer(): Promise<void> {
    const { notifier, run, recoverTogether, localize } = this.#parts;
    const claimed = this.#claimed;
    for (const ended of claimed) await this.#end(ended);
    const sessionIds = await this.#thoseToRecover(claimed.map(({ sessionId }) => sessionId));
    const count = sessionIds.length;
    if (this.#disposed) return;
    this.#claimed = [];
    if (count === 0) return;
    notifier.notify({
      severity: 'warning',
      message:
        count === 1
          ? localize('A session of Claude Code ended when this machine stopped.')
          : localize('{0} sessions of Claude Code ended when this machine stopped.', count),
      actions: [
        {
          label: count === 1 ? localize('Resume Session') : localize('Resume {0} Sessions', count),
          run: () => recoverTogether(sessionIds),
        },
        { label: localize('Show Sessions'), run: () => run('claudeProjects.sessions.focus') },
      ],
    });
  }

  /** What no window is open for. */
  async #end({ conversation, sessionId }: Ended): Promise<void> {
    const { spool, lifecycle } = this.#parts;
    const state = await spool.state(conversation);
    if (state === undefined || state === 'newer' || state.phase !== 'live' || state.sessionId !== sessionId) return;
    const message = 'Interrupted: its machine stopped.';
    const tracker = lifecycle.trackers.find((tracker) => tracker.sessionId === sessionId);
    if (tracker) await tracker.fail(message);
    else await lifecycle.failOrphan(sessionId, message);
    await spool.keep(conversation, { ...state, phase: 'ended' });
  }

  /** Another machine may have recovered some meanwhile. Where that cannot be read now, it is found out with the rest. */
  async #thoseToRecover(sessionIds: readonly string[]): Promise<readonly string[]> {
    const { connection, log } = this.#parts;
    const wanted = sessionIds.map(async (sessionId) => {
      try {
        const session = await connection.call((client, signal) => client.getSession(sessionId, { signal }));
        return session.recovered_by === null && session.status !== 'completed';
      } catch (error) {
        if (error instanceof NotFoundError) return false;
        log.warn(`Session ${sessionId} could not be read after the restart of the machine: ${errorText(error)}`);
        return true;
      }
    });
    const isWanted = await Promise.all(wanted);
    return sessionIds.filter((_, index) => isWanted[index]);
  }
}

function markOf(sessionId: string): string {
  return `ended-with-machine.${sessionId}`;
}
