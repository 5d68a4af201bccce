import { conversationIn } from '../claude-code/claude-conversation.ts';
import { isLive } from '../sessions/health.ts';
import { chooseSession } from './choose-session.ts';
import type { CommandDeps } from './command-deps.ts';
import { resumeCommandOf } from './copy-resume-command.ts';

/** Jumps to the terminal of a session. Where this window does not have it, the command that resumes it is of use. */
export async function showTerminal(deps: CommandDeps, args: unknown): Promise<void> {
  const { sessionTerminals, clipboard, notifier, labels, localize } = deps;
  const session = await chooseSession(deps, args, {
    title: localize('Show Terminal'),
    none: localize('No session of Claude Code is running.'),
    fits: (session) => isLive(session) && conversationIn(session) !== undefined,
  });
  const terminal = await sessionTerminals.find(session);
  if (terminal) return terminal.show();
  await clipboard.write(await resumeCommandOf(session, deps));
  notifier.notify({
    severity: 'info',
    message: localize(
      'This window has no terminal of the session of {0}. The command that resumes its conversation was copied.',
      labels.nameOf(session),
    ),
    actions: [],
  });
}
