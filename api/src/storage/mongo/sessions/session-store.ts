import type { SessionStore } from '../../storage.ts';
import type { Runner } from '../engine/runner.ts';
import { heartbeat } from './session-heartbeat.ts';
import { countByStatus, countLive, findHolder, listLiveIds, listSessions } from './session-lists.ts';
import { countOverdue, listAbandoned, listExpired, listStalled, markOverdueStalled } from './session-silence.ts';
import { deleteSession, getSession, insertSession, updateSession } from './session-writes.ts';

export function createSessionStore(runner: Runner): SessionStore {
  return {
    insert: (record) => insertSession(runner, record),
    get: (sessionId) => getSession(runner, sessionId),
    update: (sessionId, guard, changes) => updateSession(runner, sessionId, guard, changes),
    heartbeat: (sessionId, changes) => heartbeat(runner, sessionId, changes),
    delete: (sessionId) => deleteSession(runner, sessionId),
    list: (filter, page) => listSessions(runner, filter, page),
    findHolder: (place) => findHolder(runner, place),
    countByStatus: () => countByStatus(runner),
    countLive: () => countLive(runner),
    countOverdue: (silentSince) => countOverdue(runner, silentSince),
    listStalled: (filter, silentSince, page) => listStalled(runner, filter, silentSince, page),
    markOverdueStalled: (silentSince, at, limit) => markOverdueStalled(runner, silentSince, at, limit),
    listAbandoned: (silentSince, limit) => listAbandoned(runner, silentSince, limit),
    listExpired: (completedBefore, limit) => listExpired(runner, completedBefore, limit),
    listLiveIds: (machineId) => listLiveIds(runner, machineId),
  };
}
