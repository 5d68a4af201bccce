import type { MachineStatus } from '@claude-projects/shared/contract';
import type { MachineRecord } from '../../records.ts';
import type { Listing, MachineStore, Page } from '../../storage.ts';
import type { Connection } from '../engine/connection.ts';
import type { Runner } from '../engine/runner.ts';
import { Clauses, pageParameters } from '../sql/clauses.ts';
import { markPresence } from './machine-presence.ts';
import { MACHINE, toMachine } from './machine-row.ts';
import {
  addSession,
  beatMachine,
  deleteIdleMachine,
  getMachine,
  registerMachine,
  removeSession,
  updateMachine,
} from './machine-writes.ts';

export function createMachineStore(runner: Runner): MachineStore {
  return {
    register: (record) => runner.run((connection) => registerMachine(connection, record)),
    get: (machineId) => runner.run((connection) => getMachine(connection, machineId)),
    update: (machineId, changes) => runner.run((connection) => updateMachine(connection, machineId, changes)),
    heartbeat: (machineId, at, activeSessions) =>
      runner.run((connection) => beatMachine(connection, machineId, at, activeSessions)),
    markPresence: (heardSince, at) => runner.run((connection) => markPresence(connection, heardSince, at)),
    deleteIdle: (machineId) => runner.run((connection) => deleteIdleMachine(connection, machineId)),
    list: (filter, page) => runner.run((connection) => listMachines(connection, filter, page)),
    addSession: (machineId, sessionId, at) =>
      runner.run((connection) => addSession(connection, machineId, sessionId, at)),
    removeSession: (machineId, sessionId, at) =>
      runner.run((connection) => removeSession(connection, machineId, sessionId, at)),
  };
}

function listMachines(
  connection: Connection,
  filter: { status?: MachineStatus | undefined },
  page: Page,
): Listing<MachineRecord> {
  const { where, parameters } = new Clauses().addIf(filter.status, 'status = :status', 'status');
  return connection.consistently(() => ({
    records: connection
      .all(`SELECT ${MACHINE} FROM machines ${where} ORDER BY machine_id LIMIT :limit OFFSET :offset`, {
        ...parameters,
        ...pageParameters(page),
      })
      .map(toMachine),
    total: connection.count(`SELECT count(*) AS count FROM machines ${where}`, parameters),
  }));
}
