import { isRecoverable } from '../recovery/candidates.ts';
import { chooseSession } from './choose-session.ts';
import type { CommandDeps } from './command-deps.ts';

export async function recoverSession(deps: CommandDeps, args: unknown): Promise<void> {
  const { localize, recovery, sessions } = deps;
  const session = await chooseSession(deps, args, {
    title: localize('Recover Session'),
    none: localize('No session needs to be recovered: none is stalled, and none failed.'),
    fits: (session) => isRecoverable(session, sessions.healthOf(session)),
  });
  await recovery.recover(session);
}
