import assert from 'node:assert/strict';
import { performance } from 'node:perf_hooks';
import { openSqliteStorage } from '../../../src/storage/sqlite/index.ts';
import type { Storage } from '../../../src/storage/storage.ts';
import { aSession, at, MINUTE } from '../contract/builders.ts';
import { temporaryDirectory } from './support/directories.ts';

const SESSIONS = 100_000;
const STALE = 1000;
const BATCH = 100;

describe(`SQLite stall sweep over ${SESSIONS} sessions of which ${STALE} are stale`, () => {
  let storage: Storage;

  before(async function () {
    this.timeout(120_000);
    storage = openSqliteStorage({ dataDir: temporaryDirectory() });
    await storage.transaction(async ({ sessions }) => {
      for (let index = 0; index < SESSIONS; index += 1) {
        const last_heartbeat = index % (SESSIONS / STALE) === 0 ? at(0) : at(10 * MINUTE);
        await sessions.insert(aSession({ session_id: `s${index}`, last_heartbeat, updated_at: last_heartbeat }));
      }
    });
  });

  after(() => storage.close());

  it('takes under a second, batch by batch, and touches only the stale ones', async () => {
    const began = performance.now();
    const turned = new Set<string>();
    for (;;) {
      const batch = await storage.sessions.markOverdueStalled(at(5 * MINUTE), at(20 * MINUTE), BATCH);
      for (const { session_id } of batch) turned.add(session_id);
      if (batch.length < BATCH) break;
    }
    const took = performance.now() - began;
    assert.equal(turned.size, STALE);
    assert.ok(took < 1000, `took ${took.toFixed()} ms`);
    const touched = await storage.sessions.list({ updatedSince: at(20 * MINUTE) }, { limit: 1, offset: 0 });
    assert.equal(touched.total, STALE);
    const counts = await storage.sessions.countByStatus();
    assert.deepEqual(counts, { active: SESSIONS - STALE, stalled: STALE, paused: 0, completed: 0, failed: 0 });
  });
});
