import assert from 'node:assert/strict';
import type { HeartbeatChanges, Storage } from '../../../src/storage/storage.ts';
import { AWKWARD_METADATA, AWKWARD_TEXT, aPlace, aSession, at, MINUTE } from './builders.ts';
import { stored, violates } from './harness.ts';

const now = at(5 * MINUTE);

export function describeHeartbeats(storage: () => Storage): void {
  describe('a heartbeat', () => {
    for (const status of ['active', 'paused'] as const) {
      it(`of an ${status} session moves last_heartbeat and updated_at and nothing else`, async () => {
        const session = aSession({
          status,
          docker_slot: 1,
          current_task_id: 'task',
          activity_detail: 'detail',
          returned_at: at(1),
          metadata: AWKWARD_METADATA,
          next_position: 3,
        });
        await stored(storage(), session);
        const beaten = await storage().sessions.heartbeat(session.session_id, { at: now });
        assert.deepEqual(beaten, { ...session, last_heartbeat: now, updated_at: now });
        assert.deepEqual(await storage().sessions.get(session.session_id), beaten);
      });
    }

    it('brings a stalled session back', async () => {
      const session = aSession({ status: 'stalled', stalled_at: at(MINUTE), docker_slot: 1, current_task_id: 'task' });
      await stored(storage(), session);
      const beaten = await storage().sessions.heartbeat(session.session_id, { at: now });
      assert.deepEqual(beaten, {
        ...session,
        status: 'active',
        stalled_at: null,
        returned_at: now,
        last_heartbeat: now,
        updated_at: now,
      });
      assert.deepEqual(await storage().sessions.get(session.session_id), beaten);
    });

    it('sets returned_at anew each time it brings one back, and not otherwise', async () => {
      const session = aSession({ status: 'stalled', stalled_at: at(2), returned_at: at(1) });
      await stored(storage(), session);
      const { sessions } = storage();
      assert.deepEqual((await sessions.heartbeat(session.session_id, { at: at(3) }))?.returned_at, at(3));
      assert.deepEqual((await sessions.heartbeat(session.session_id, { at: at(4) }))?.returned_at, at(3));
    });

    for (const status of ['completed', 'failed'] as const) {
      it(`changes nothing about a ${status} session`, async () => {
        const session = aSession({ status, completed_at: at(1), stalled_at: at(1) });
        await stored(storage(), session);
        const changes = { at: now, currentTaskId: 'task', activity: 'idle', mergeMetadata: { a: 1 } } as const;
        assert.equal(await storage().sessions.heartbeat(session.session_id, changes), null);
        assert.deepEqual(await storage().sessions.get(session.session_id), session);
      });
    }

    it('makes no session', async () => {
      const { session_id } = aSession();
      assert.equal(await storage().sessions.heartbeat(session_id, { at: now, mergeMetadata: { a: 1 } }), null);
      assert.equal(await storage().sessions.get(session_id), null);
    });

    const tasks: { from: string | null; to: string | null | undefined; progress: boolean }[] = [
      { from: null, to: undefined, progress: false },
      { from: 'a', to: undefined, progress: false },
      { from: null, to: null, progress: false },
      { from: 'a', to: 'a', progress: false },
      { from: '$x', to: '$x', progress: false },
      { from: null, to: 'a', progress: true },
      { from: null, to: '', progress: true },
      { from: 'a', to: 'b', progress: true },
      { from: 'a', to: 'A', progress: true },
      { from: 'a', to: null, progress: true },
      { from: '$x', to: AWKWARD_TEXT, progress: true },
    ];
    for (const status of ['active', 'paused', 'stalled'] as const) {
      for (const { from, to, progress } of tasks) {
        const titles = `${JSON.stringify(from)} to ${JSON.stringify(to) ?? 'as it was'}`;
        it(`is ${progress ? '' : 'no '}progress of an ${status} session: its task from ${titles}`, async () => {
          const session = aSession({ status, current_task_id: from });
          await stored(storage(), session);
          const beaten = await storage().sessions.heartbeat(session.session_id, { at: now, currentTaskId: to });
          assert.deepEqual(beaten?.current_task_id, to === undefined ? from : to);
          assert.deepEqual(beaten?.last_progress_at, progress ? now : session.last_progress_at);
          assert.deepEqual(await storage().sessions.get(session.session_id), beaten);
        });
      }
    }

    it('sets what it says and is no progress by that', async () => {
      const session = aSession({ activity_detail: 'before', metadata: { kept: 1, replaced: { a: 1 }, emptied: 2 } });
      await stored(storage(), session);
      const beaten = await storage().sessions.heartbeat(session.session_id, {
        at: now,
        activity: 'waiting_for_input',
        activityDetail: AWKWARD_TEXT,
        mergeMetadata: { replaced: { b: '$y' }, emptied: null },
      });
      assert.deepEqual(beaten, {
        ...session,
        activity: 'waiting_for_input',
        activity_detail: AWKWARD_TEXT,
        metadata: { kept: 1, replaced: { b: '$y' }, emptied: null },
        last_heartbeat: now,
        updated_at: now,
      });
      assert.deepEqual(await storage().sessions.get(session.session_id), beaten);
    });

    it('empties the detail, and leaves alone what it does not say', async () => {
      const session = aSession({ activity: 'idle', activity_detail: 'before', current_task_id: 'task' });
      await stored(storage(), session);
      const silent: HeartbeatChanges = {
        at: at(1),
        currentTaskId: undefined,
        activity: undefined,
        activityDetail: undefined,
        mergeMetadata: undefined,
      };
      const first = await storage().sessions.heartbeat(session.session_id, silent);
      assert.deepEqual(first, { ...session, last_heartbeat: at(1), updated_at: at(1) });
      const second = await storage().sessions.heartbeat(session.session_id, { at: at(2), activityDetail: null });
      assert.deepEqual(second, { ...session, activity_detail: null, last_heartbeat: at(2), updated_at: at(2) });
    });

    it('merges any metadata', async () => {
      const session = aSession({ metadata: { kept: 1, deep: { lost: 1 } } });
      await stored(storage(), session);
      const changes = { at: now, mergeMetadata: AWKWARD_METADATA };
      const beaten = await storage().sessions.heartbeat(session.session_id, changes);
      assert.deepEqual(beaten?.metadata, { kept: 1, ...AWKWARD_METADATA });
      assert.deepEqual(await storage().sessions.get(session.session_id), beaten);
      const nothing = await storage().sessions.heartbeat(session.session_id, { at: now, mergeMetadata: {} });
      assert.deepEqual(nothing, beaten);
    });

    it('merges metadata that looks like a type of the database', async () => {
      const session = aSession();
      await stored(storage(), session);
      const mergeMetadata = { nested: { _bsontype: 'Long', low: 1 }, _bsontype: 'ObjectId' };
      const beaten = await storage().sessions.heartbeat(session.session_id, { at: now, mergeMetadata });
      assert.deepEqual(beaten?.metadata, mergeMetadata);
    });

    for (const docker_slot of [null, 1]) {
      it(`leaves a session stalled whose place was taken meanwhile (slot ${docker_slot})`, async () => {
        const place = aPlace({ docker_slot });
        const stalled = aSession({ ...place, status: 'stalled', stalled_at: at(1), metadata: { kept: 1 } });
        const successor = aSession(place);
        await stored(storage(), stalled, successor);
        const changes = { at: now, currentTaskId: 'task', mergeMetadata: { lost: 1 } };
        const heartbeat = storage().sessions.heartbeat(stalled.session_id, changes);
        await violates(heartbeat, 'active_place', 'docker_slot');
        assert.deepEqual(await storage().sessions.get(stalled.session_id), stalled);
        assert.deepEqual(await storage().sessions.get(successor.session_id), successor);
      });
    }

    it('leaves a session stalled whose slot a paused one of another project took', async () => {
      const stalled = aSession({ docker_slot: 1, status: 'stalled', stalled_at: at(1) });
      await stored(storage(), stalled, aSession({ machine_id: stalled.machine_id, docker_slot: 1, status: 'paused' }));
      await violates(storage().sessions.heartbeat(stalled.session_id, { at: now }), 'docker_slot');
      assert.deepEqual(await storage().sessions.get(stalled.session_id), stalled);
    });

    it('brings a stalled session back beside a paused one where there is no slot', async () => {
      const stalled = aSession({ status: 'stalled', stalled_at: at(1) });
      const { project_id, machine_id } = stalled;
      await stored(storage(), stalled, aSession({ project_id, machine_id, status: 'paused' }));
      assert.equal((await storage().sessions.heartbeat(stalled.session_id, { at: now }))?.status, 'active');
    });
  });
}
