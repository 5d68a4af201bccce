import type { SessionStatus } from '@claude-projects/shared/contract';
import { DomainError } from '../common/domain-error.ts';
import type { SessionRecord } from '../storage/records.ts';
import type { Place, SessionStore } from '../storage/storage.ts';
import { isEnded } from './session-states.ts';

export function sessionNotFound(sessionId: string): DomainError {
  return new DomainError('SESSION_NOT_FOUND', `There is no session ${shorten(sessionId)}.`);
}

export function sessionEnded(session: SessionRecord): DomainError {
  if (session.recovered_by !== null) {
    return new DomainError(
      'SESSION_ENDED',
      `Session ${session.session_id} was recovered: it goes on as session ${session.recovered_by}.`,
      { successor_session_id: session.recovered_by },
    );
  }
  return new DomainError('SESSION_ENDED', `Session ${session.session_id} has ended: it is ${session.status}.`);
}

/** Why a guarded write on a session did not happen, found out after the fact. */
export async function whySessionRefused(
  sessions: SessionStore,
  sessionId: string,
  target?: SessionStatus,
): Promise<DomainError> {
  const session = await sessions.get(sessionId);
  if (!session) return sessionNotFound(sessionId);
  if (session.recovered_by !== null || (isEnded(session.status) && target === undefined)) return sessionEnded(session);
  return new DomainError(
    'INVALID_TRANSITION',
    `Session ${sessionId} is ${session.status}; from there it cannot become ${target ?? 'anything else'}.`,
  );
}

/** Who holds the place that a session wanted. */
export async function placeTaken(sessions: SessionStore, place: Place): Promise<DomainError> {
  const holder = await sessions.findHolder(place);
  const where =
    place.docker_slot === null
      ? `machine ${place.machine_id}`
      : `slot ${place.docker_slot} of machine ${place.machine_id}`;
  return new DomainError(
    'ACTIVE_SESSION_EXISTS',
    holder
      ? `Session ${holder.session_id} of project ${holder.project_id} is ${holder.status} on ${where}.`
      : `Another session was active on ${where} a moment ago. Try again.`,
    holder ? { conflicting_session_id: holder.session_id } : {},
  );
}

/** An id that names nothing may be of any length; the message need not be. */
function shorten(id: string): string {
  return id.length > 64 ? `${id.slice(0, 64)}…` : id;
}
