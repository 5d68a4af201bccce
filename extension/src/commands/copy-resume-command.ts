import type { Session } from '@claude-projects/shared/client';
import { conversationIn } from '../claude-code/claude-conversation.ts';
import { chooseSession } from './choose-session.ts';
import type { CommandDeps } from './command-deps.ts';
import { Refusal } from './refusal.ts';

export async function copyResumeCommand(deps: CommandDeps, args: unknown): Promise<void> {
  const { ui, localize, clipboard } = deps;
  const session = await chooseSession(deps, args, {
    title: localize('Copy Resume Command'),
    none: localize('There is no session of Claude Code.'),
    fits: (session) => conversationIn(session) !== undefined,
  });
  await clipboard.write(await resumeCommandOf(session, deps));
  ui.note(localize('Resume command copied'));
}

export async function resumeCommandOf(
  session: Session,
  { sessionTerminals, labels, localize }: Pick<CommandDeps, 'sessionTerminals' | 'labels' | 'localize'>,
): Promise<string> {
  const command = await sessionTerminals.resumeCommand(session);
  if (command !== undefined) return command;
  throw new Refusal(
    localize('The session of {0} has no Claude Code conversation on this machine.', labels.nameOf(session)),
  );
}
