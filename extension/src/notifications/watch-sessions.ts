import type { SessionsView } from '../commands/sessions-view.ts';
import type { Lifecycle } from '../lifecycle/lifecycle.ts';
import { type Disposable, Disposables } from '../platform/disposable.ts';
import { errorText } from '../platform/error-text.ts';
import { RecoveryPrompter, type RecoveryPrompterParts } from '../recovery/recovery-prompter.ts';
import { SessionNotices } from './session-notices.ts';

export type WatchSessionsParts = Omit<RecoveryPrompterParts, 'lifecycle' | 'sessions'> & {
  readonly lifecycle: Pick<Lifecycle, 'trackers' | 'resume'>;
  readonly sessions: Pick<SessionsView, 'all' | 'healthOf' | 'onDidChange'>;
};

/**
 * Begins to tell of sessions, and to ask about dead ones, when the first are known: not before this window has gone on
 * with its own, which would look dead until it beats for them.
 */
export function watchSessions(parts: WatchSessionsParts): Disposable {
  const owned = new Disposables();
  const first = owned.add(
    parts.sessions.onDidChange(() => {
      first.dispose();
      begin().catch((error: unknown) => parts.log.error(`Sessions cannot be watched: ${errorText(error)}`));
    }),
  );

  async function begin(): Promise<void> {
    const { lifecycle, settings, places } = parts;
    await lifecycle.resume();
    const { machineId } = await places.current();
    owned.add(
      new SessionNotices({
        ...parts,
        isOwn: ({ machine_id }) => machine_id === machineId,
        isToldOtherwise: ({ session_id }, attention) =>
          attention !== 'waiting' &&
          (settings.current.recoveryPrompting !== 'never' ||
            lifecycle.trackers.some(({ sessionId }) => sessionId === session_id)),
      }),
    );
    owned.add(new RecoveryPrompter(parts));
  }
  return owned;
}
