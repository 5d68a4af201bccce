import { LIMITS } from '@claude-projects/shared/contract';
import { isLive } from '../sessions/health.ts';
import { askText } from './ask-text.ts';
import { chooseSession } from './choose-session.ts';
import type { CommandDeps } from './command-deps.ts';
import { ownTracker, taken } from './own-session.ts';

/** Says that a session is dead, so that it can be recovered without waiting for its silence to be noticed. */
export async function markSessionFailed(deps: CommandDeps, args: unknown): Promise<void> {
  const { ui, localize, connection, sessions } = deps;
  const title = localize('Mark Session Failed');
  const none = localize('No session runs that could be marked as failed.');
  const session = await chooseSession(deps, args, { title, none, fits: isLive });
  const prompt = localize('Why did it fail? Whoever recovers it reads this.');
  const reason = await askText(deps, { title, prompt }, LIMITS.errorMessageLength);
  const own = ownTracker(deps, session.session_id);
  if (own !== undefined) taken(await own.fail(reason), localize);
  else {
    const failed = await ui.progress(localize('Marking the session as failed…'), (_report, signal) =>
      connection.call(
        (client, signal) => client.markSessionFailed(session.session_id, { error_message: reason }, { signal }),
        signal,
      ),
    );
    sessions.learn({ kind: 'session', session: failed });
  }
  ui.note(localize('Session marked as failed'));
}
