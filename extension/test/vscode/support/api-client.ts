import { type Session, StateTrackingApiClient, type Task } from '@claude-projects/shared/client';
import { eventually } from './eventually.ts';
import { liveApi } from './live-api.ts';

/** Another user of the API beside the editor: what it says is what the extension really told it. */
export const api = new StateTrackingApiClient({ baseUrl: liveApi.url, apiKey: liveApi.key });

/** The session, as soon as the API has it the way `fits` says. */
export function untilSession(
  sessionId: string,
  what: string,
  fits: (session: Session) => boolean = () => true,
): Promise<Session> {
  return eventually(`session ${sessionId} ${what}`, async () => (await sessionsOfAll()).find(isIt));
  function isIt(session: Session): boolean {
    return session.session_id === sessionId && fits(session);
  }
}

/** The tasks of a session in their order, as soon as they are as `fits` says. */
export function untilTasks(
  sessionId: string,
  what: string,
  fits: (tasks: readonly Task[]) => boolean,
): Promise<readonly Task[]> {
  return eventually(`tasks of ${sessionId} ${what}`, async () => {
    const { tasks } = await api.listTasks({ session_id: sessionId, limit: 200 });
    return fits(tasks) ? tasks : undefined;
  });
}

/** Of another machine, so that nobody here takes it for their own. */
export function foreignSession(project_id: string): Promise<Session> {
  return api.createSession({ project_id, machine_id: 'somewhere-else' });
}

async function sessionsOfAll(): Promise<readonly Session[]> {
  return (await api.listSessions({ limit: 100 })).sessions;
}
