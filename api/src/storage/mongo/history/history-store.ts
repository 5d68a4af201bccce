import type { HistoryStore } from '../../storage.ts';
import type { Runner } from '../engine/runner.ts';
import { countHeartbeats, forgetBefore, recordReturn, recordStalls } from './history-writes.ts';
import { measure } from './measure.ts';

export function createHistoryStore(runner: Runner): HistoryStore {
  return {
    recordStalls: (stalls) => recordStalls(runner, stalls),
    recordReturn: (sessionId, at) => recordReturn(runner, sessionId, at),
    countHeartbeats: (hour, counts) => countHeartbeats(runner, hour, counts),
    measure: (period, mostReasons) => measure(runner, period, mostReasons),
    forgetBefore: (before) => forgetBefore(runner, before),
  };
}
