import { describeConsistency } from './consistency.ts';
import { describeCounters } from './counters.ts';
import { describeEmptyStorage } from './empty-storage.ts';
import { type OpenStorage, useStorage } from './harness.ts';
import { describeHistory } from './history.ts';
import { describeLeases } from './leases.ts';
import { describeMachines } from './machines.ts';
import { describeMachinePresence } from './machines-presence.ts';
import { describeMeasures } from './measures.ts';
import { describeRaces } from './races.ts';
import { describeSessionChanges } from './sessions-changes.ts';
import { describeSessionGuards } from './sessions-guards.ts';
import { describeHeartbeats } from './sessions-heartbeat.ts';
import { describeSessionLists } from './sessions-lists.ts';
import { describePlaces } from './sessions-places.ts';
import { describeSessionRecords } from './sessions-records.ts';
import { describeSilentSessions } from './sessions-silent.ts';
import { describeSweeps } from './sessions-sweeps.ts';
import { describeTasks } from './tasks.ts';
import { describeTaskLists } from './tasks-lists.ts';
import { describeTransactions } from './transactions.ts';
import { describeTransactionRaces } from './transactions-races.ts';

export type { OpenedStorage, OpenStorage } from './harness.ts';

/** The definition of the storage port: what holds for one engine holds for every engine. */
export function describeStorageContract(name: string, open: OpenStorage): void {
  describe(`the storage contract, kept by ${name}`, function () {
    // A hang must fail; a shared database server on a busy machine must not.
    this.timeout(60_000);
    describeEmptyStorage(open);
    describe('in use', () => {
      const storage = useStorage(open);
      describeSessionRecords(storage);
      describeSessionGuards(storage);
      describeSessionChanges(storage);
      describePlaces(storage);
      describeHeartbeats(storage);
      describeSessionLists(storage);
      describeSilentSessions(storage);
      describeSweeps(storage);
      describeTasks(storage);
      describeTaskLists(storage);
      describeMachines(storage);
      describeMachinePresence(storage);
      describeLeases(storage);
      describeCounters(storage);
      describeHistory(storage);
      describeMeasures(storage);
      describeConsistency(storage);
      describeTransactions(storage);
      describeTransactionRaces(storage);
      describeRaces(storage);
    });
  });
}
