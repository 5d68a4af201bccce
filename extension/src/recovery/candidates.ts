import type { Session } from '@claude-projects/shared/client';
import type { RecoveryPrompting } from '../settings/settings.ts';

/** Whether the API would recover it, as far as can be told from here. */
export function isRecoverable(session: Session, health: Session['health'] = session.health): boolean {
  if (session.recovered_by !== null || session.archived_at !== null) return false;
  return session.status === 'failed' || health === 'stalled';
}

/** Whom the user is asked about. */
export interface PromptScope {
  readonly prompting: RecoveryPrompting;
  readonly machineId: string;
  readonly projectId: string;
  healthOf(session: Session): Session['health'];
  /** Sessions this window tracks come back by themselves, with their next heartbeat. */
  isTrackedHere(sessionId: string): boolean;
}

/** What has been silent for longer, nobody waits for any more; it can still be recovered from the view. */
export const ASK_WITHIN_MS = 7 * 24 * 60 * 60_000;

/** `always`: of this machine or this project. `attention`: of this machine only. */
export function promptCandidates(sessions: readonly Session[], scope: PromptScope, now: number): readonly Session[] {
  if (scope.prompting === 'never') return [];
  return sessions.filter(
    (session) =>
      isRecoverable(session, scope.healthOf(session)) &&
      !scope.isTrackedHere(session.session_id) &&
      now - Date.parse(session.last_heartbeat) <= ASK_WITHIN_MS &&
      (session.machine_id === scope.machineId ||
        (scope.prompting === 'always' && session.project_id === scope.projectId)),
  );
}
