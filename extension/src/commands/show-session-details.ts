import { LIMITS } from '@claude-projects/shared/contract';
import { chooseSession } from './choose-session.ts';
import type { CommandDeps } from './command-deps.ts';

/** Everything that is known of a session, as a document: it can be read, searched, copied and spoken. */
export async function showSessionDetails(deps: CommandDeps, args: unknown): Promise<void> {
  const { ui, localize, connection, details } = deps;
  const { session_id } = await chooseSession(deps, args, {
    title: localize('Show Session Details'),
    none: localize('There are no sessions yet.'),
    fits: () => true,
  });
  const { session, tasks } = await ui.progress(localize('Reading the session…'), (_report, signal) =>
    connection.call(async (client, signal) => {
      const [session, { tasks }] = await Promise.all([
        client.getSession(session_id, { signal }),
        client.listTasks({ session_id, limit: LIMITS.tasksPerPage }, { signal }),
      ]);
      return { session, tasks };
    }, signal),
  );
  await details.show(session, tasks);
}
