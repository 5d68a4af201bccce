import { chooseSession } from './choose-session.ts';
import type { CommandDeps } from './command-deps.ts';

/** Everything that is known of a session, as a page. */
export async function showSessionDetails(deps: CommandDeps, args: unknown): Promise<void> {
  const { localize, details } = deps;
  const session = await chooseSession(deps, args, {
    title: localize('Show Session Details'),
    none: localize('There are no sessions yet.'),
    fits: () => true,
  });
  details.show(session);
}
