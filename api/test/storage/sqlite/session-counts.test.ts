import assert from 'node:assert/strict';
import { DatabaseSync } from 'node:sqlite';
import type { SessionStatus } from '@claude-projects/shared/contract';
import * as fc from 'fast-check';
import { openSqliteStorage } from '../../../src/storage/sqlite/index.ts';
import { migrate } from '../../../src/storage/sqlite/schema/migrate.ts';
import { MIGRATIONS } from '../../../src/storage/sqlite/schema/migrations.ts';
import { aSession, at, MINUTE } from '../contract/builders.ts';
import { databaseIn, temporaryDirectory } from './support/directories.ts';

const STATES = ['active', 'paused', 'completed', 'failed', 'stalled'] as const satisfies SessionStatus[];

const counted = (database: DatabaseSync) =>
  database.prepare('SELECT status, count(*) AS sessions FROM sessions GROUP BY status ORDER BY status').all();
const kept = (database: DatabaseSync) =>
  database.prepare('SELECT status, sessions FROM session_counts WHERE sessions <> 0 ORDER BY status').all();

describe('the counts SQLite keeps of sessions', () => {
  it('are what counting would give, after any history', async () => {
    const step = fc.record({
      of: fc.nat({ max: 7 }),
      does: fc.constantFrom('insert', 'delete', 'heartbeat', 'sweep', ...STATES),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
        const dataDir = temporaryDirectory();
        const storage = openSqliteStorage({ dataDir });
        const sessions = Array.from({ length: 8 }, () => aSession());
        for (const { of, does } of steps) {
          const session = sessions[of];
          assert.ok(session);
          if (does === 'insert') await storage.sessions.insert(session).catch(() => undefined);
          else if (does === 'delete') await storage.sessions.delete(session.session_id);
          else if (does === 'heartbeat') await storage.sessions.heartbeat(session.session_id, { at: at(MINUTE) });
          else if (does === 'sweep') await storage.sessions.markOverdueStalled(at(2 * MINUTE), at(2 * MINUTE), 10);
          else await storage.sessions.update(session.session_id, {}, { set: { status: does } });
        }
        await storage.close();
        const database = new DatabaseSync(databaseIn(dataDir));
        assert.deepEqual(kept(database), counted(database));
        database.close();
      }),
      { numRuns: 40 },
    );
  }).timeout(20_000);

  it('begin with what a file from before them holds', () => {
    const database = new DatabaseSync(':memory:');
    migrate(database, MIGRATIONS.slice(0, 1), 'memory');
    const insert = database.prepare(
      `INSERT INTO sessions (session_id, project_id, machine_id, status, activity, last_heartbeat, last_progress_at,
         started_at, recovery_attempts, next_position, created_from, created_at, updated_at, metadata)
       VALUES (:id, 'project', :id, :status, 'working', 0, 0, 0, 0, 0, '', 0, 0, '{}')`,
    );
    for (const [index, status] of ['active', 'failed', 'failed', 'completed'].entries()) {
      insert.run({ id: `session-${index}`, status });
    }
    migrate(database, MIGRATIONS, 'memory');
    assert.deepEqual(kept(database), counted(database));
    assert.equal(kept(database).length, 3);
    database.close();
  });
});
