import { needsAttention } from '../sessions/health.ts';
import { sessionIdsIn } from './arguments.ts';
import { chooseSession } from './choose-session.ts';
import type { CommandDeps } from './command-deps.ts';
import { Refusal } from './refusal.ts';

/** Takes sessions out of "Needs Attention", for this user alone. They stay in the list, and can be restored. */
export async function dismissSession(deps: CommandDeps, args: unknown, selected?: readonly unknown[]): Promise<void> {
  const { localize, dismissals, sessions } = deps;
  const given = sessionIdsIn(args, selected, localize);
  if (given !== undefined) {
    // Some selected sessions may not need attention.
    const needy = given.flatMap((id) => sessions.find(id) ?? []).filter(needsAttention);
    if (needy.length === 0) throw new Refusal(localize('The session does not need attention.'));
    return dismiss(
      deps,
      needy.map(({ session_id }) => session_id),
    );
  }
  const { session_id } = await chooseSession(deps, undefined, {
    title: localize('Dismiss Session'),
    none: localize('No session needs attention.'),
    fits: (session) => needsAttention(session) && !dismissals.has(session.session_id),
  });
  await dismiss(deps, [session_id]);
}

/** Dismisses sessions. The notice offers Undo. */
export async function dismiss(deps: CommandDeps, sessionIds: readonly string[]): Promise<void> {
  const { dismissals, notifier, run, localize } = deps;
  const { length } = sessionIds;
  await dismissals.dismiss(sessionIds);
  notifier.notify({
    severity: 'info',
    message: length === 1 ? localize('1 session dismissed.') : localize('{0} sessions dismissed.', length),
    actions: [
      { label: localize('Undo'), run: () => dismissals.restore(sessionIds) },
      { label: localize('Show Dismissed'), run: () => run('claudeProjects.showDismissedSessions') },
    ],
  });
}
