import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import type { Storage } from '../../../src/storage/storage.ts';
import { aSession, aTask, DAY, FAR_AHEAD } from '../contract/builders.ts';
import { openTestMongoStorage } from './test-engine.ts';

/** MongoDB looks for expired documents once a minute. */
const PURGED_WITHIN_MS = 90_000;

describe('retention', () => {
  let storage: Storage;
  let dispose: () => Promise<void>;

  before(async () => {
    ({ storage, dispose } = await openTestMongoStorage());
  });
  after(() => dispose?.());

  it('AC-1.1.f deletes what completed longer ago than it is to be kept, and nothing else', async () => {
    const completed_at = new Date(Date.now() - 31 * DAY);
    const expires_at = new Date(completed_at.getTime() + 30 * DAY);
    const ended = { status: 'completed', completed_at } as const;
    const [expired, archived, young] = [
      aSession({ ...ended, expires_at }),
      aSession({ ...ended, archived_at: completed_at, expires_at: null }),
      aSession({ ...ended, expires_at: FAR_AHEAD }),
    ];
    const [expiredTask, keptTask] = [aTask({ ...ended, expires_at }), aTask(ended)];
    const { sessions, tasks } = storage;
    for (const session of [expired, archived, young]) await sessions.insert(session);
    for (const task of [expiredTask, keptTask]) await tasks.insert(task);

    const giveUp = AbortSignal.timeout(PURGED_WITHIN_MS);
    while ((await sessions.get(expired.session_id)) ?? (await tasks.get(expiredTask.task_id))) {
      await delay(100, undefined, { signal: giveUp });
    }
    assert.deepEqual(await sessions.get(archived.session_id), archived);
    assert.deepEqual(await sessions.get(young.session_id), young);
    assert.deepEqual(await tasks.get(keptTask.task_id), keptTask);
  });
});
