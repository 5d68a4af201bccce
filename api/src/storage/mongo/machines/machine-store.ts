import type { MachineStore } from '../../storage.ts';
import type { Atomically, Runner } from '../engine/runner.ts';
import { listMachines } from './machine-list.ts';
import { markPresence } from './machine-presence.ts';
import {
  addSession,
  beatMachine,
  deleteIdleMachine,
  getMachine,
  removeSession,
  updateMachine,
} from './machine-writes.ts';
import { registerMachine } from './register-machine.ts';

export function createMachineStore(runner: Runner, atomically: Atomically): MachineStore {
  return {
    register: (record) => registerMachine(runner, record),
    get: (machineId) => getMachine(runner, machineId),
    update: (machineId, changes) => updateMachine(runner, machineId, changes),
    heartbeat: (machineId, at, activeSessions) => beatMachine(runner, machineId, at, activeSessions),
    markPresence: (heardSince, at) => markPresence(runner, heardSince, at),
    deleteIdle: (machineId) => atomically((inner) => deleteIdleMachine(inner, machineId)),
    list: (filter, page) => listMachines(runner, filter, page),
    addSession: (machineId, sessionId, at) => addSession(runner, machineId, sessionId, at),
    removeSession: (machineId, sessionId, at) => removeSession(runner, machineId, sessionId, at),
  };
}
