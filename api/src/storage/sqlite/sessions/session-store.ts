import type { SessionStore } from '../../storage.ts';
import type { Runner } from '../engine/runner.ts';
import { countByStatus, countLive } from './session-counts.ts';
import { beat, beatOrRevive, isPlainBeat } from './session-heartbeat.ts';
import { listSessions } from './session-list.ts';
import { findHolder } from './session-place.ts';
import { listExpired, listLiveIds } from './session-queries.ts';
import { countOverdue, listAbandoned, listStalled, markOverdueStalled } from './session-silence.ts';
import { deleteSession, getSession, insertSession, updateSession } from './session-writes.ts';

export function createSessionStore(runner: Runner): SessionStore {
  return {
    insert: (record) => runner.run((connection) => insertSession(connection, record)),
    get: (sessionId) => runner.run((connection) => getSession(connection, sessionId)),
    update: (sessionId, guard, changes) =>
      runner.run((connection) => updateSession(connection, sessionId, guard, changes)),
    heartbeat: async (sessionId, changes) => {
      // Nearly every beat ends here. What it did not find may be a stalled session, whose return is a record.
      const beaten = isPlainBeat(changes)
        ? await runner.runLossy((connection) => beat(connection, sessionId, changes))
        : null;
      return beaten ?? runner.run((connection) => beatOrRevive(connection, sessionId, changes));
    },
    delete: (sessionId) => runner.run((connection) => deleteSession(connection, sessionId)),
    list: (filter, page) => runner.run((connection) => listSessions(connection, filter, page)),
    findHolder: (place) => runner.run((connection) => findHolder(connection, place)),
    countByStatus: () => runner.run(countByStatus),
    countLive: () => runner.run(countLive),
    // Triggers keep the counts, so there is nothing to find or to mend.
    compareCounts: async () => null,
    recount: async () => undefined,
    countOverdue: (silentSince) => runner.run((connection) => countOverdue(connection, silentSince)),
    listStalled: (filter, silentSince, page) =>
      runner.run((connection) => listStalled(connection, filter, silentSince, page)),
    markOverdueStalled: (silentSince, at, limit) =>
      runner.run((connection) => markOverdueStalled(connection, silentSince, at, limit)),
    listAbandoned: (silentSince, limit) => runner.run((connection) => listAbandoned(connection, silentSince, limit)),
    listExpired: (expiredBefore, limit) => runner.run((connection) => listExpired(connection, expiredBefore, limit)),
    listLiveIds: (machineId) => runner.run((connection) => listLiveIds(connection, machineId)),
  };
}
