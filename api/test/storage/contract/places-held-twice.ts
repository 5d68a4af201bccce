import assert from 'node:assert/strict';
import { type CheckedFinding, ConsistencyService } from '../../../src/consistency/consistency.service.ts';
import { Log } from '../../../src/logging/log.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { aPlace, aSession } from './builders.ts';
import { type OpenStorage, stored, useStorage } from './harness.ts';

/** For a storage that has lost the indexes which make this impossible. */
export function describePlacesHeldTwice(name: string, openWithoutUniqueness: OpenStorage): void {
  describe(`consistency of places, where ${name} lost its unique indexes`, () => {
    const storage = useStorage(openWithoutUniqueness);

    it('finds each place that is held twice, once, and leaves it to a person', async () => {
      const [place, slot, paused, fine] = [aPlace(), aPlace({ docker_slot: 0 }), aPlace({ docker_slot: 1 }), aPlace()];
      const holders = [aSession(place), aSession(place), aSession(place)];
      const inSlot = [aSession({ ...slot, project_id: 'another' }), aSession(slot)];
      const onePaused = [aSession(paused), aSession({ ...paused, status: 'paused' })];
      const sessions = [...holders, ...inSlot, ...onePaused];
      await stored(storage(), ...sessions);
      await stored(storage(), aSession(fine), aSession({ ...fine, status: 'paused' }));
      await stored(storage(), aSession({ ...slot, status: 'stalled' }), aSession({ ...slot, status: 'completed' }));
      const log = new Log({ logLevel: 'silent', apiKeys: [], mongodbUri: undefined });
      const service = new ConsistencyService(storage(), new FakeClock(), log);
      for (const repair of [false, true]) {
        const found: CheckedFinding[] = [];
        await service.check({ repair, onFinding: (finding) => void found.push(finding) });
        const twice = found.filter(({ finding }) => finding.kind === 'place_held_twice');
        assert.deepEqual(
          new Set(twice.map(({ finding }) => finding.machine_id)),
          new Set([place, slot, paused].map(({ machine_id }) => machine_id)),
        );
        assert.deepEqual(
          twice.map(({ mended }) => mended),
          [false, false, false],
        );
        for (const session of holders) {
          assert(twice.some(({ finding }) => finding.detail.includes(session.session_id)));
        }
      }
      for (const session of sessions) {
        assert.deepEqual(await storage().sessions.get(session.session_id), session);
      }
    });
  });
}
