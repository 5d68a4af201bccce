import assert from 'node:assert/strict';
import type { SessionChanges, Storage } from '../../../src/storage/storage.ts';
import { AWKWARD_METADATA, AWKWARD_TEXT, aSession, at, FAR_AHEAD, FARTHER_AHEAD, uniqueId } from './builders.ts';
import { stored, times } from './harness.ts';

const SETS: SessionChanges['set'][] = [
  { project_id: uniqueId('project') },
  { machine_id: uniqueId('machine') },
  { docker_slot: 7 },
  { docker_slot: 0 },
  { status: 'paused' },
  { status: 'stalled' },
  { status: 'completed' },
  { status: 'failed' },
  { activity: 'idle' },
  { activity_detail: AWKWARD_TEXT },
  { activity_detail: '' },
  { current_task_id: '$current_task_id' },
  { last_heartbeat: at(1) },
  { last_progress_at: at(2) },
  { started_at: at(3) },
  { completed_at: at(4) },
  { stalled_at: at(5) },
  { returned_at: at(6) },
  { archived_at: at(7) },
  { error_message: '$$REMOVE' },
  { recovered_from: 'before' },
  { recovered_by: 'after' },
  { recovery_attempts: 9 },
  { recovery_prepared_at: at(8) },
  { expires_at: FAR_AHEAD },
  { updated_at: at(9) },
  { status: 'failed', completed_at: at(1), error_message: 'x', expires_at: FARTHER_AHEAD, updated_at: at(1) },
];

const EMPTIED = {
  docker_slot: null,
  activity_detail: null,
  current_task_id: null,
  completed_at: null,
  stalled_at: null,
  returned_at: null,
  archived_at: null,
  error_message: null,
  recovered_from: null,
  recovered_by: null,
  recovery_prepared_at: null,
  expires_at: null,
} as const;

export function describeSessionChanges(storage: () => Storage): void {
  describe('a session update', () => {
    for (const set of SETS) {
      it(`sets ${JSON.stringify(set)} and nothing else`, async () => {
        const session = aSession({ metadata: { kept: null } });
        await stored(storage(), session);
        const updated = await storage().sessions.update(session.session_id, {}, { set });
        assert.deepEqual(updated, { ...session, ...set });
        assert.deepEqual(await storage().sessions.get(session.session_id), { ...session, ...set });
      });
    }

    it('empties what may be empty', async () => {
      const session = aSession({
        docker_slot: 3,
        activity_detail: 'a',
        current_task_id: 'b',
        completed_at: at(1),
        stalled_at: at(2),
        returned_at: at(3),
        archived_at: at(4),
        error_message: 'c',
        recovered_from: 'd',
        recovered_by: 'e',
        recovery_prepared_at: at(5),
        expires_at: FAR_AHEAD,
      });
      await stored(storage(), session);
      const updated = await storage().sessions.update(session.session_id, {}, { set: EMPTIED });
      assert.deepEqual(updated, { ...session, ...EMPTIED });
      assert.deepEqual(await storage().sessions.get(session.session_id), { ...session, ...EMPTIED });
    });

    it('may change nothing and still tells whether the guard holds', async () => {
      const session = aSession({ metadata: { kept: 1 } });
      await stored(storage(), session);
      const { sessions } = storage();
      assert.deepEqual(await sessions.update(session.session_id, {}, { set: {} }), session);
      assert.deepEqual(await sessions.update(session.session_id, {}, { set: {}, mergeMetadata: {} }), session);
      assert.equal(await sessions.update(session.session_id, { status: ['paused'] }, { set: {} }), null);
    });

    it('touches no other session', async () => {
      const [session, other] = [aSession(), aSession()];
      await stored(storage(), session, other);
      await storage().sessions.update(session.session_id, {}, { set: { status: 'failed' }, mergeMetadata: { a: 1 } });
      assert.deepEqual(await storage().sessions.get(other.session_id), other);
    });

    it('merges metadata at the top level only', async () => {
      const session = aSession({ metadata: { kept: 'a', replaced: { inner: 1, lost: 2 }, emptied: 3, list: [1, 2] } });
      await stored(storage(), session);
      const updated = await storage().sessions.update(
        session.session_id,
        {},
        { set: {}, mergeMetadata: { replaced: { inner: 9 }, emptied: null, list: [3], new: { deep: null } } },
      );
      const metadata = { kept: 'a', replaced: { inner: 9 }, emptied: null, list: [3], new: { deep: null } };
      assert.deepEqual(updated, { ...session, metadata });
      assert.deepEqual(await storage().sessions.get(session.session_id), { ...session, metadata });
    });

    it('merges any metadata into none', async () => {
      const session = aSession();
      await stored(storage(), session);
      const updated = await storage().sessions.update(
        session.session_id,
        {},
        { set: { updated_at: at(1) }, mergeMetadata: AWKWARD_METADATA },
      );
      assert.deepEqual(updated, { ...session, updated_at: at(1), metadata: AWKWARD_METADATA });
      assert.deepEqual(await storage().sessions.get(session.session_id), updated);
    });

    for (const key of Object.keys(AWKWARD_METADATA)) {
      it(`replaces the key ${JSON.stringify(key)} alone`, async () => {
        const session = aSession({ metadata: AWKWARD_METADATA });
        await stored(storage(), session);
        const mergeMetadata = { [key]: { new: ['$x', null] } };
        const updated = await storage().sessions.update(session.session_id, {}, { set: {}, mergeMetadata });
        assert.deepEqual(updated?.metadata, { ...AWKWARD_METADATA, ...mergeMetadata });
      });
    }

    it('merges metadata that looks like a type of the database', async () => {
      const session = aSession({ metadata: { kept: 1 } });
      await stored(storage(), session);
      const mergeMetadata = { _bsontype: 'Decimal128', nested: { _bsontype: 'ObjectId', id: 'x' } };
      const updated = await storage().sessions.update(session.session_id, {}, { set: {}, mergeMetadata });
      assert.deepEqual(updated?.metadata, { kept: 1, ...mergeMetadata });
    });

    it('keeps both of two merges that arrive at once', async () => {
      const session = aSession();
      await stored(storage(), session);
      const keys = times(20, (index) => `key ${index}`);
      await Promise.all(
        keys.map((key) => storage().sessions.update(session.session_id, {}, { set: {}, mergeMetadata: { [key]: 1 } })),
      );
      const metadata = Object.fromEntries(keys.map((key) => [key, 1]));
      assert.deepEqual(await storage().sessions.get(session.session_id), { ...session, metadata });
    });

    it('hands out positions one after the other', async () => {
      const session = aSession({ next_position: 4 });
      await stored(storage(), session);
      const first = await storage().sessions.update(session.session_id, {}, { set: {}, takePosition: true });
      assert.deepEqual(first, { ...session, next_position: 5 });
      const changes = { set: { updated_at: at(1) }, takePosition: true } as const;
      const second = await storage().sessions.update(session.session_id, {}, changes);
      assert.deepEqual(second, { ...session, next_position: 6, updated_at: at(1) });
    });

    it('hands out each position once', async () => {
      const session = aSession();
      await stored(storage(), session);
      const taken = await Promise.all(
        times(50, async () => {
          const updated = await storage().sessions.update(session.session_id, {}, { set: {}, takePosition: true });
          return updated?.next_position;
        }),
      );
      assert.deepEqual(
        taken.sort((a = 0, b = 0) => a - b),
        times(50, (index) => index + 1),
      );
    });
  });
}
