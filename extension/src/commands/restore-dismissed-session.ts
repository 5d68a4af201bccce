import { sessionIdsIn } from './arguments.ts';
import { chooseSession } from './choose-session.ts';
import type { CommandDeps } from './command-deps.ts';

/** Shows dismissed sessions under "Needs Attention" again. */
export async function restoreDismissedSession(
  deps: CommandDeps,
  args: unknown,
  selected?: readonly unknown[],
): Promise<void> {
  const { localize, dismissals } = deps;
  const given = sessionIdsIn(args, selected, localize);
  if (given !== undefined) return dismissals.restore(given);
  const { session_id } = await chooseSession(deps, undefined, {
    title: localize('Restore Dismissed Session'),
    none: localize('No session is dismissed.'),
    fits: (session) => dismissals.has(session.session_id),
  });
  await dismissals.restore([session_id]);
}
