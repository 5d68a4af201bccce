import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { newSession } from '../../src/sessions/new-session.ts';
import { openSqliteStorage } from '../../src/storage/sqlite/index.ts';

export interface Population {
  total: number;
  /** Active ones, the ones that beat. */
  live: number;
  stalled: number;
}

const DAY_MS = 24 * 3_600_000;
const UUID_SQL = `lower(hex(randomblob(4)) || '-' || hex(randomblob(2)) || '-4' || substr(hex(randomblob(2)), 2) ||
  '-a' || substr(hex(randomblob(2)), 2) || '-' || hex(randomblob(6)))`;

/**
 * Fills a new database: one session is made by the API's own code and copied by SQL in one transaction, which takes
 * seconds for a million. All but the live and the stalled have ended. Gives the ids of the live ones.
 */
export async function seedSqlite(dataDir: string, { total, live, stalled }: Population): Promise<string[]> {
  const now = Date.now();
  const storage = openSqliteStorage({ dataDir });
  await storage.sessions.insert(
    newSession(
      { project_id: 'project', machine_id: 'machine', metadata: { branch: 'main' } },
      randomUUID(),
      new Date(now),
    ),
  );
  await storage.close();
  const database = new DatabaseSync(join(dataDir, 'claude-projects.db'));
  try {
    const columns = database.prepare('PRAGMA table_info(sessions)').all();
    const names = columns.map((column) => String(column['name']));
    const status = `CASE WHEN n < ${live} THEN 'active' WHEN n < ${live + stalled} THEN 'stalled'
      WHEN n % 10 = 0 THEN 'failed' ELSE 'completed' END`;
    const ended = `n >= ${live + stalled}`;
    const age = `(n % ${29 * DAY_MS})`;
    const copied: Record<string, string> = {
      session_id: UUID_SQL,
      project_id: `'project-' || (n % 50)`,
      machine_id: `'machine-' || n`,
      status,
      last_heartbeat: `CASE WHEN ${ended} THEN ${now} - ${age} * 1000 % ${29 * DAY_MS} ELSE ${now} - n % 1000 END`,
      completed_at: `CASE WHEN ${ended} THEN ${now} - ${age} * 1000 % ${29 * DAY_MS} END`,
      stalled_at: `CASE WHEN n BETWEEN ${live} AND ${live + stalled - 1} THEN ${now} END`,
      created_at: `${now} - ${age}`,
      updated_at: `${now} - ${age}`,
    };
    database.exec(`
      BEGIN;
      WITH RECURSIVE counted(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM counted WHERE n + 1 < ${total})
      INSERT INTO sessions (${names.join(', ')})
        SELECT ${names.map((name) => copied[name] ?? `template.${name}`).join(', ')}
        FROM counted, (SELECT * FROM sessions LIMIT 1) AS template;
      DELETE FROM sessions WHERE machine_id = 'machine';
      COMMIT;
      PRAGMA wal_checkpoint(TRUNCATE);
    `);
    const rows = database.prepare(`SELECT session_id FROM sessions WHERE status = 'active'`).all();
    return rows.map((row) => String(row['session_id']));
  } finally {
    database.close();
  }
}
