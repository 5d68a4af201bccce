import { chooseSession } from './choose-session.ts';
import type { CommandDeps } from './command-deps.ts';
import { ownTracker } from './own-session.ts';
import { Refusal } from './refusal.ts';

export async function deleteSession(deps: CommandDeps, args: unknown): Promise<void> {
  const { ui, localize, labels, connection, sessions } = deps;
  const session = await chooseSession(deps, args, {
    title: localize('Delete Session'),
    none: localize('There is no session that could be deleted.'),
    fits: (session) => ownTracker(deps, session.session_id) === undefined,
  });
  if (ownTracker(deps, session.session_id)) {
    throw new Refusal(localize('This window tracks the session. Complete it first.'), [
      { label: localize('Complete Session'), command: 'claudeProjects.completeSession', args: [session.session_id] },
    ]);
  }
  await ui.confirm({
    message: localize('Delete the session of {0}?', labels.nameOf(session)),
    detail: localize('This permanently deletes the session and all its tasks, for everybody.'),
    action: localize('Delete'),
  });
  await ui.progress(localize('Deleting the session…'), (_report, signal) =>
    connection.call((client, signal) => client.deleteSession(session.session_id, { signal }), signal),
  );
  sessions.learn({ kind: 'deleted-session', session_id: session.session_id });
  ui.note(localize('Session deleted'));
}
