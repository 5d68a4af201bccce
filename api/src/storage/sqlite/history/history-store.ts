import type { HistoryStore } from '../../storage.ts';
import type { Runner } from '../engine/runner.ts';
import { countHeartbeats, forgetBefore, recordReturn, recordStalls } from './history-writes.ts';
import { measure } from './measure.ts';

export function createHistoryStore(runner: Runner): HistoryStore {
  return {
    recordStalls: (stalls) => runner.run((connection) => recordStalls(connection, stalls)),
    recordReturn: (sessionId, at) => runner.run((connection) => recordReturn(connection, sessionId, at)),
    countHeartbeats: (hour, counts) => runner.run((connection) => countHeartbeats(connection, hour, counts)),
    measure: (period, mostReasons) => measure(runner, period, mostReasons),
    forgetBefore: (before) => runner.run((connection) => forgetBefore(connection, before)),
  };
}
