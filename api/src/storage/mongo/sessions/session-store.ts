import type { Clock } from '../../../common/clock.ts';
import type { SessionStore } from '../../storage.ts';
import type { Atomically, Runner } from '../engine/runner.ts';
import { compareCounts, recount } from './recount.ts';
import { countByStatus, countLive } from './session-counts.ts';
import { heartbeat } from './session-heartbeat.ts';
import { findHolder, listLiveIds, listSessions } from './session-lists.ts';
import { countOverdue, listAbandoned, listExpired, listStalled, markOverdueStalled } from './session-silence.ts';
import { deleteSession, getSession, insertSession, updateSession } from './session-writes.ts';

export function createSessionStore(runner: Runner, atomically: Atomically, clock: Clock): SessionStore {
  return {
    insert: (record) => insertSession(runner, atomically, record),
    get: (sessionId) => getSession(runner, sessionId),
    update: (sessionId, guard, changes) => updateSession(runner, atomically, sessionId, guard, changes),
    heartbeat: (sessionId, changes) => heartbeat(runner, sessionId, changes),
    delete: (sessionId) => atomically((inner) => deleteSession(inner, sessionId)),
    list: (filter, page) => listSessions(runner, filter, page, clock.now()),
    findHolder: (place) => findHolder(runner, place),
    countByStatus: () => countByStatus(runner, clock.now()),
    countLive: () => countLive(runner),
    compareCounts: () => compareCounts(runner, clock.now()),
    recount: () => atomically(recount),
    countOverdue: (silentSince) => countOverdue(runner, silentSince),
    listStalled: (filter, silentSince, page) => listStalled(runner, filter, silentSince, page),
    markOverdueStalled: (silentSince, at, limit) => markOverdueStalled(runner, silentSince, at, limit),
    listAbandoned: (silentSince, limit) => listAbandoned(runner, silentSince, limit),
    listExpired: (expiredBefore, limit) => listExpired(runner, expiredBefore, limit),
    listLiveIds: (machineId) => listLiveIds(runner, machineId),
  };
}
