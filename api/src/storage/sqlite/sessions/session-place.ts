import type { SessionStatus } from '@claude-projects/shared/contract';
import type { SessionRecord } from '../../records.ts';
import type { Place } from '../../storage.ts';
import { type UniqueConstraint, UniqueViolationError } from '../../storage-errors.ts';
import type { Connection, Parameters } from '../engine/connection.ts';
import { isUniqueViolation } from '../engine/sqlite-errors.ts';
import { SESSION, toSessionOrNull } from './session-row.ts';

const IN_PLACE = `sessions WHERE project_id = :project_id AND machine_id = :machine_id
  AND ifnull(docker_slot, -1) = ifnull(:docker_slot, -1) AND status = 'active'`;
const IN_SLOT = `sessions WHERE machine_id = :machine_id AND docker_slot = :docker_slot
  AND docker_slot IS NOT NULL AND status IN ('active', 'paused')`;

export function findHolder(connection: Connection, place: Place): SessionRecord | null {
  const { project_id, machine_id, docker_slot } = place;
  // An active session in a place with a slot is in that slot too, so one look is enough.
  const row =
    docker_slot === null
      ? connection.first(`SELECT ${SESSION} FROM ${IN_PLACE}`, { project_id, machine_id, docker_slot })
      : connection.first(`SELECT ${SESSION} FROM ${IN_SLOT}`, { machine_id, docker_slot });
  return toSessionOrNull(row);
}

interface Wanted extends Place {
  session_id: string;
  status: SessionStatus;
  isNew?: boolean;
}

/**
 * Runs the write, and where the engine refuses it as a duplicate says of what. The engine names one of the
 * indexes it ran into, in a text and in no order worth relying on, so this looks for itself, under the same
 * lock: nobody can have changed anything between the refusal and the look.
 */
export function namingWhatIsTaken<T>(connection: Connection, write: () => T, wanted: () => Wanted | null): T {
  return connection.atomically(() => {
    try {
      return write();
    } catch (error) {
      if (!isUniqueViolation(error)) throw error;
      throw new UniqueViolationError(takenConstraint(connection, wanted()), { cause: error });
    }
  });
}

function takenConstraint(connection: Connection, wanted: Wanted | null): UniqueConstraint {
  // Only an insert can be refused without there being a session to change.
  if (!wanted) return 'session_id';
  const { session_id, project_id, machine_id, docker_slot, status } = wanted;
  const exists = (source: string, parameters: Parameters) =>
    connection.first(`SELECT 1 FROM ${source}`, parameters) !== null;
  // A repeated id first: a create that is sent again finds its own session in its own place as well.
  if (wanted.isNew && exists('sessions WHERE session_id = :session_id', { session_id })) return 'session_id';
  if (status !== 'active') return 'docker_slot';
  const inPlace = { session_id, project_id, machine_id, docker_slot };
  return exists(`${IN_PLACE} AND session_id <> :session_id`, inPlace) ? 'active_place' : 'docker_slot';
}
