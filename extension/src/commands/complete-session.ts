import type { Session } from '@claude-projects/shared/contract';
import { sessionIdIn } from './arguments.ts';
import { chooseSession } from './choose-session.ts';
import type { CommandDeps } from './command-deps.ts';
import { chooseOwn, ownTracker, taken } from './own-session.ts';

/** Ends this window's session well; another one only when it is named, and after a question. */
export async function completeSession(deps: CommandDeps, args: unknown): Promise<void> {
  const { ui, localize, sessions } = deps;
  const title = localize('Complete Session');
  const sessionId = sessionIdIn(args, localize);
  const own = sessionId === undefined ? await chooseOwn(deps, title) : ownTracker(deps, sessionId);
  if (own !== undefined) taken(await own.complete(), localize);
  else await completeForeign(deps, await chooseSession(deps, args, { title, none: '', fits: isLive }));
  ui.note(localize('Session completed'));
  await sessions.refresh();
}

async function completeForeign({ ui, localize, labels, connection }: CommandDeps, session: Session): Promise<void> {
  await ui.confirm({
    message: localize('Complete the session of {0} on {1}?', labels.nameOf(session), session.machine_id),
    detail: localize('This window does not track it. Whatever works on it will be told that it has ended.'),
    action: localize('Complete'),
  });
  await ui.progress(localize('Completing the session…'), (_report, signal) =>
    connection.call(
      (client, signal) => client.updateSession(session.session_id, { status: 'completed' }, { signal }),
      signal,
    ),
  );
}

export function isLive(session: Session): boolean {
  return session.status === 'active' || session.status === 'paused' || session.status === 'stalled';
}
