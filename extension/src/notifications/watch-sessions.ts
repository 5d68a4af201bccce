import type { SessionsView } from '../commands/sessions-view.ts';
import type { Agents } from '../lifecycle/agents.ts';
import type { Lifecycle } from '../lifecycle/lifecycle.ts';
import { type Disposable, Disposables } from '../platform/disposable.ts';
import { errorText } from '../platform/error-text.ts';
import { RecoveryPrompter, type RecoveryPrompterParts } from '../recovery/recovery-prompter.ts';
import type { ClaudeSessions } from '../sessions/claude-facts.ts';
import { SessionNotices } from './session-notices.ts';

export type WatchSessionsParts = Omit<RecoveryPrompterParts, 'lifecycle' | 'sessions' | 'agents'> & {
  readonly lifecycle: Pick<Lifecycle, 'trackers' | 'resume' | 'onDidChange'>;
  readonly sessions: Pick<SessionsView, 'all' | 'healthOf' | 'onDidChange' | 'refresh'>;
  readonly claude: Pick<ClaudeSessions, 'knownOf'>;
  readonly agents: Pick<Agents, 'settled' | 'livenessOf'>;
};

/**
 * Begins to tell of sessions, and to ask about dead ones, when the first are known: not before this window has gone on
 * with its own, which would look dead until it beats for them, and has heard what their agents told meanwhile.
 */
export function watchSessions(parts: WatchSessionsParts): Disposable {
  const owned = new Disposables();
  const openedAt = parts.clock.now();
  const first = owned.add(
    parts.sessions.onDidChange(() => {
      first.dispose();
      begin().catch((error: unknown) => parts.log.error(`Sessions cannot be watched: ${errorText(error)}`));
    }),
  );

  // It may have ended because nobody beat for it; nobody may be looking at the view.
  owned.add(
    parts.lifecycle.onDidChange(({ state }) => {
      if (state.kind === 'ended') void parts.sessions.refresh();
    }),
  );

  async function begin(): Promise<void> {
    const { lifecycle, agents, settings, places } = parts;
    await Promise.all([lifecycle.resume(), agents.settled()]);
    const { machineId } = await places.current();
    owned.add(
      new SessionNotices({
        ...parts,
        openedAt,
        isOwn: ({ machine_id }) => machine_id === machineId,
        isToldOtherwise: ({ session_id }, attention) =>
          (attention === 'stalled' || attention === 'failed') &&
          (settings.current.recoveryPrompting !== 'never' ||
            lifecycle.trackers.some(({ sessionId }) => sessionId === session_id)),
      }),
    );
    const prompter = owned.add(new RecoveryPrompter(parts));
    // What this window goes on with no more may be waiting for somebody to recover it.
    owned.add(lifecycle.onDidChange(({ state }) => state.kind === 'ended' && prompter.look()));
  }
  return owned;
}
