import { chooseSession } from './choose-session.ts';
import type { CommandDeps } from './command-deps.ts';

export async function copySessionId(deps: CommandDeps, args: unknown): Promise<void> {
  const { ui, localize, clipboard } = deps;
  const session = await chooseSession(deps, args, {
    title: localize('Copy Session Id'),
    none: localize('There are no sessions yet.'),
    fits: () => true,
  });
  await clipboard.write(session.session_id);
  ui.note(localize('Session id copied'));
}
