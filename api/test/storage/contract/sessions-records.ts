import assert from 'node:assert/strict';
import type { Storage } from '../../../src/storage/storage.ts';
import { AWKWARD_METADATA, AWKWARD_TEXT, aSession, aTask, at, FAR_AHEAD, uniqueId } from './builders.ts';
import { stored, violates } from './harness.ts';

export function describeSessionRecords(storage: () => Storage): void {
  describe('session records', () => {
    it('come back as they were inserted, with every field filled', async () => {
      const session = aSession({
        docker_slot: 65_535,
        status: 'failed',
        activity: 'waiting_for_input',
        activity_detail: 'Waits for a permission',
        current_task_id: 'issue #12',
        last_heartbeat: at(1),
        last_progress_at: at(2),
        started_at: at(3),
        completed_at: at(4),
        stalled_at: at(5),
        returned_at: at(6),
        archived_at: at(7),
        error_message: 'out of memory',
        recovered_from: 'the one before',
        recovered_by: 'the one after',
        recovery_attempts: 3,
        recovery_prepared_at: at(8),
        metadata: { branch: 'main', attempts: [1, 2] },
        next_position: 12_345,
        created_from: 'another digest',
        expires_at: FAR_AHEAD,
        created_at: at(9),
        updated_at: at(10),
      });
      await stored(storage(), session);
      assert.deepEqual(await storage().sessions.get(session.session_id), session);
    });

    it('come back as they were inserted, with every field that may be empty empty', async () => {
      const session = aSession();
      await stored(storage(), session);
      assert.deepEqual(await storage().sessions.get(session.session_id), session);
    });

    it('tell slot 0, an empty text and no text at all apart', async () => {
      const session = aSession({ docker_slot: 0, activity_detail: '', error_message: '', current_task_id: '' });
      await stored(storage(), session);
      assert.deepEqual(await storage().sessions.get(session.session_id), session);
    });

    it('keep any text', async () => {
      const session = aSession({
        project_id: `${uniqueId('project')} ${AWKWARD_TEXT}`,
        machine_id: `${uniqueId('machine')} ${AWKWARD_TEXT}`,
        current_task_id: AWKWARD_TEXT,
        activity_detail: AWKWARD_TEXT,
        error_message: AWKWARD_TEXT.repeat(50),
      });
      await stored(storage(), session);
      assert.deepEqual(await storage().sessions.get(session.session_id), session);
      const found = await storage().sessions.list({ project_id: session.project_id }, { limit: 10, offset: 0 });
      assert.deepEqual(found, { records: [session], total: 1 });
    });

    for (const status of ['active', 'paused', 'completed', 'failed', 'stalled'] as const) {
      it(`keep the status ${status}`, async () => {
        const session = aSession({ status });
        await stored(storage(), session);
        assert.equal((await storage().sessions.get(session.session_id))?.status, status);
      });
    }

    it('keep any metadata', async () => {
      const session = aSession({ metadata: AWKWARD_METADATA });
      await stored(storage(), session);
      assert.deepEqual(await storage().sessions.get(session.session_id), session);
    });

    it('keep metadata that looks like a type of the database', async () => {
      const metadata = {
        _bsontype: 'ObjectId',
        nested: { _bsontype: 'Long', low: 1, high: 2 },
        list: [{ _bsontype: 5 }],
      };
      const session = aSession({ metadata });
      await stored(storage(), session);
      assert.deepEqual((await storage().sessions.get(session.session_id))?.metadata, metadata);
    });

    it('keep the largest metadata', async () => {
      const session = aSession({ metadata: { text: '漢'.repeat(21_000) } });
      await stored(storage(), session);
      assert.deepEqual(await storage().sessions.get(session.session_id), session);
    });

    it('keep times to the millisecond, far back and far ahead', async () => {
      const session = aSession({
        last_heartbeat: new Date('1969-12-31T23:59:59.999Z'),
        started_at: new Date(0),
        created_at: new Date('2024-02-29T23:59:59.001Z'),
        stalled_at: new Date('9999-12-31T23:59:59.999Z'),
        // Archived and ended: no sweep of another test may come across it.
        status: 'completed',
        archived_at: at(0),
      });
      await stored(storage(), session);
      assert.deepEqual(await storage().sessions.get(session.session_id), session);
    });

    it('are found by the exact id only', async () => {
      const session = aSession({ session_id: uniqueId('Session') });
      await stored(storage(), session);
      assert.equal(await storage().sessions.get(session.session_id.toLowerCase()), null);
      assert.equal(await storage().sessions.get(`${session.session_id} `), null);
      assert.equal(await storage().sessions.get(''), null);
    });

    it('have an id of their own', async () => {
      const session = aSession();
      await stored(storage(), session);
      await violates(storage().sessions.insert(aSession({ session_id: session.session_id })), 'session_id');
      assert.deepEqual(await storage().sessions.get(session.session_id), session);
    });

    it('are not inserted twice', async () => {
      const session = aSession({ docker_slot: 1 });
      await stored(storage(), session);
      await violates(storage().sessions.insert(session), 'session_id', 'active_place', 'docker_slot');
      assert.deepEqual(await storage().sessions.get(session.session_id), session);
    });

    it('are given back by the one call that deletes them', async () => {
      const session = aSession({ metadata: AWKWARD_METADATA });
      await stored(storage(), session);
      assert.deepEqual(await storage().sessions.delete(session.session_id), session);
      assert.equal(await storage().sessions.get(session.session_id), null);
      assert.equal(await storage().sessions.delete(session.session_id), null);
    });

    it('leave their tasks behind when they are deleted', async () => {
      const session = aSession();
      const task = aTask({ session_id: session.session_id });
      await stored(storage(), session);
      await storage().tasks.insert(task);
      await storage().sessions.delete(session.session_id);
      assert.deepEqual(await storage().tasks.get(task.task_id), task);
    });
  });
}
