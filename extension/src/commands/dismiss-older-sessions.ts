import type { CommandDeps } from './command-deps.ts';
import { dismiss } from './dismiss-session.ts';
import { Refusal } from './refusal.ts';

export async function dismissOlderSessions(deps: CommandDeps): Promise<void> {
  const { dismissals, localize } = deps;
  const older = dismissals.older();
  if (older.length === 0) throw new Refusal(localize('No session has needed attention for more than a day.'));
  await dismiss(
    deps,
    older.map(({ session_id }) => session_id),
  );
}
