import assert from 'node:assert/strict';
import type { SessionRecord } from '../../../src/storage/records.ts';
import type { SessionGuard, Storage } from '../../../src/storage/storage.ts';
import { AWKWARD_TEXT, aSession, at, MINUTE } from './builders.ts';
import { stored } from './harness.ts';

interface Case {
  title: string;
  given: Partial<SessionRecord>;
  guard: SessionGuard;
  holds: boolean;
}

const ALL: SessionGuard = {
  status: ['paused', 'stalled'],
  silentSince: at(MINUTE),
  notRecovered: true,
  currentTaskId: 'task',
  recoveryAttemptsBelow: 3,
};
const MEETS_ALL = { status: 'stalled', last_heartbeat: at(0), current_task_id: 'task', recovery_attempts: 2 } as const;

const CASES: Case[] = [
  { title: 'no condition', given: { status: 'failed', recovered_by: 'x' }, guard: {}, holds: true },
  { title: 'the status', given: { status: 'paused' }, guard: { status: ['paused'] }, holds: true },
  { title: 'one of several statuses', given: {}, guard: { status: ['stalled', 'active'] }, holds: true },
  { title: 'another status', given: { status: 'failed' }, guard: { status: ['active', 'completed'] }, holds: false },
  { title: 'a status out of none', given: {}, guard: { status: [] }, holds: false },
  { title: 'a heartbeat before', given: { last_heartbeat: at(-1) }, guard: { silentSince: at(0) }, holds: true },
  { title: 'a heartbeat just then', given: { last_heartbeat: at(0) }, guard: { silentSince: at(0) }, holds: false },
  { title: 'a heartbeat after', given: { last_heartbeat: at(1) }, guard: { silentSince: at(0) }, holds: false },
  { title: 'not recovered, and is not', given: {}, guard: { notRecovered: true }, holds: true },
  { title: 'not recovered, but is', given: { recovered_by: 'x' }, guard: { notRecovered: true }, holds: false },
  { title: 'its task', given: { current_task_id: 'task' }, guard: { currentTaskId: 'task' }, holds: true },
  { title: 'another task', given: { current_task_id: 'task' }, guard: { currentTaskId: 'Task' }, holds: false },
  { title: 'a task where there is none', given: {}, guard: { currentTaskId: 'task' }, holds: false },
  {
    title: 'an odd task',
    given: { current_task_id: AWKWARD_TEXT },
    guard: { currentTaskId: AWKWARD_TEXT },
    holds: true,
  },
  { title: 'fewer attempts', given: { recovery_attempts: 2 }, guard: { recoveryAttemptsBelow: 3 }, holds: true },
  { title: 'as many attempts', given: { recovery_attempts: 3 }, guard: { recoveryAttemptsBelow: 3 }, holds: false },
  { title: 'more attempts', given: { recovery_attempts: 4 }, guard: { recoveryAttemptsBelow: 3 }, holds: false },
  { title: 'fewer than no attempts', given: {}, guard: { recoveryAttemptsBelow: 0 }, holds: false },
  { title: 'all at once', given: MEETS_ALL, guard: ALL, holds: true },
  { title: 'all but the status', given: { ...MEETS_ALL, status: 'failed' }, guard: ALL, holds: false },
  { title: 'all but the silence', given: { ...MEETS_ALL, last_heartbeat: at(MINUTE) }, guard: ALL, holds: false },
  { title: 'all but the recovery', given: { ...MEETS_ALL, recovered_by: 'x' }, guard: ALL, holds: false },
  { title: 'all but the task', given: { ...MEETS_ALL, current_task_id: 'other' }, guard: ALL, holds: false },
  { title: 'all but the attempts', given: { ...MEETS_ALL, recovery_attempts: 3 }, guard: ALL, holds: false },
];

export function describeSessionGuards(storage: () => Storage): void {
  describe('the guard of a session update', () => {
    for (const { title, given, guard, holds } of CASES) {
      it(`${holds ? 'holds' : 'fails'}: ${title}`, async () => {
        const session = aSession({ ...given, metadata: { kept: true } });
        await stored(storage(), session);
        const changed = { ...session, error_message: 'set', metadata: { kept: true, new: 1 }, next_position: 1 };
        const updated = await storage().sessions.update(session.session_id, guard, {
          set: { error_message: 'set' },
          mergeMetadata: { new: 1 },
          takePosition: true,
        });
        assert.deepEqual(updated, holds ? changed : null);
        assert.deepEqual(await storage().sessions.get(session.session_id), holds ? changed : session);
      });
    }

    it('never makes a session that does not exist', async () => {
      const { session_id } = aSession();
      const changes = { set: { error_message: 'set' }, mergeMetadata: { a: 1 }, takePosition: true } as const;
      assert.equal(await storage().sessions.update(session_id, {}, changes), null);
      assert.equal(await storage().sessions.get(session_id), null);
    });
  });
}
