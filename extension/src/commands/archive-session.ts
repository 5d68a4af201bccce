import type { Session } from '@claude-projects/shared/client';
import { chooseSession } from './choose-session.ts';
import type { CommandDeps } from './command-deps.ts';

/** Takes an ended session out of the list and keeps it for good. */
export async function archiveSession(deps: CommandDeps, args: unknown): Promise<void> {
  const { ui, localize, connection, sessions } = deps;
  const session = await chooseSession(deps, args, {
    title: localize('Archive Session'),
    none: localize('No session has ended that could be archived.'),
    fits: isArchivable,
  });
  const archived = await ui.progress(localize('Archiving the session…'), (_report, signal) =>
    connection.call((client, signal) => client.archiveSession(session.session_id, { signal }), signal),
  );
  sessions.learn({ kind: 'session', session: archived });
  ui.note(localize('Session archived'));
}

export function isArchivable({ status, archived_at }: Session): boolean {
  return (status === 'completed' || status === 'failed') && archived_at === null;
}
