import type { MachineRecord } from '../../records.ts';
import type { MachineChanges } from '../../storage.ts';
import type { Connection } from '../engine/connection.ts';
import { assignments } from '../sql/clauses.ts';
import { recordParameters, toStored } from '../sql/values.ts';
import { MACHINE, MACHINE_COLUMNS, SETTABLE_MACHINE_COLUMNS, toMachine, toMachineOrNull } from './machine-row.ts';

const UPSERT = `
  INSERT INTO machines (${MACHINE}) VALUES (${MACHINE_COLUMNS.map((column) => `:${column}`).join(', ')})
  ON CONFLICT (machine_id) DO UPDATE
  SET ${SETTABLE_MACHINE_COLUMNS.filter((column) => column !== 'status')
    .map((column) => `${column} = excluded.${column}`)
    .join(', ')},
    status = CASE status WHEN 'maintenance' THEN status ELSE excluded.status END,
    metadata = merge_metadata(metadata, excluded.metadata)
  RETURNING ${MACHINE}`;

const HEARTBEAT = `
  UPDATE machines SET last_heartbeat = :at, updated_at = :at, active_sessions = :active_sessions,
    status = CASE status WHEN 'offline' THEN 'online' ELSE status END
  WHERE machine_id = :machine_id RETURNING ${MACHINE}`;

export function registerMachine(
  connection: Connection,
  record: MachineRecord,
): { created: boolean; record: MachineRecord } {
  return connection.atomically(() => {
    const created = getMachine(connection, record.machine_id) === null;
    const [stored] = connection.all(UPSERT, recordParameters(record, MACHINE_COLUMNS)).map(toMachine);
    if (!stored) throw new Error('an upsert returned no row');
    return { created, record: stored };
  });
}

export function getMachine(connection: Connection, machineId: string): MachineRecord | null {
  return toMachineOrNull(
    connection.first(`SELECT ${MACHINE} FROM machines WHERE machine_id = :machine_id`, { machine_id: machineId }),
  );
}

export function updateMachine(
  connection: Connection,
  machineId: string,
  changes: MachineChanges,
): MachineRecord | null {
  const set = assignments(SETTABLE_MACHINE_COLUMNS, changes.set, changes.mergeMetadata);
  // Keeps a change of nothing a valid statement.
  set.add('created_at = created_at');
  return toMachineOrNull(
    connection.first(`UPDATE machines ${set.set} WHERE machine_id = :machine_id RETURNING ${MACHINE}`, {
      ...set.parameters,
      machine_id: machineId,
    }),
  );
}

export function beatMachine(
  connection: Connection,
  machineId: string,
  at: Date,
  activeSessions: readonly string[],
): MachineRecord | null {
  const parameters = { machine_id: machineId, at: toStored(at), active_sessions: toStored(activeSessions) };
  return toMachineOrNull(connection.first(HEARTBEAT, parameters));
}

/** Asks the sessions as well as the list: a session may have started before its machine was registered. */
export function deleteIdleMachine(connection: Connection, machineId: string): boolean {
  const deleted = connection.run(
    `DELETE FROM machines WHERE machine_id = :machine_id AND json_array_length(active_sessions) = 0
     AND NOT EXISTS (SELECT 1 FROM sessions INDEXED BY sessions_by_machine
                     WHERE sessions.machine_id = :machine_id AND sessions.status = 'active')`,
    { machine_id: machineId },
  );
  return deleted === 1;
}

export function addSession(connection: Connection, machineId: string, sessionId: string, at: Date): void {
  connection.run(
    `UPDATE machines SET active_sessions = json_insert(active_sessions, '$[#]', :session_id), updated_at = :at
     WHERE machine_id = :machine_id
     AND NOT EXISTS (SELECT 1 FROM json_each(active_sessions) WHERE value = :session_id)`,
    { machine_id: machineId, session_id: sessionId, at: toStored(at) },
  );
}

export function removeSession(connection: Connection, machineId: string, sessionId: string, at: Date): void {
  connection.run(
    `UPDATE machines SET updated_at = :at, active_sessions =
       (SELECT json_group_array(value ORDER BY key) FROM json_each(active_sessions) WHERE value <> :session_id)
     WHERE machine_id = :machine_id
     AND EXISTS (SELECT 1 FROM json_each(active_sessions) WHERE value = :session_id)`,
    { machine_id: machineId, session_id: sessionId, at: toStored(at) },
  );
}
