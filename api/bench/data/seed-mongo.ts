import { randomUUID } from 'node:crypto';
import type { Collection } from 'mongodb';
import { newSession } from '../../src/sessions/new-session.ts';
import type { SessionRecord } from '../../src/storage/records.ts';
import type { Population } from './seed-sqlite.ts';

const BATCH = 2000;
const DAY_MS = 24 * 3_600_000;

/** Like `seedSqlite`: all but the live and the stalled have ended, one in ten of them failed. Gives the ids of the live. */
export async function seedMongo(sessions: Collection, { total, live, stalled }: Population): Promise<string[]> {
  const now = Date.now();
  const ids: string[] = [];
  for (let from = 0; from < total; from += BATCH) {
    const batch = Array.from({ length: Math.min(BATCH, total - from) }, (_, index) =>
      record(from + index, live, stalled, now),
    );
    ids.push(...batch.filter(({ status }) => status === 'active').map(({ session_id }) => session_id));
    await sessions.insertMany(batch);
  }
  return ids;
}

function record(n: number, live: number, stalled: number, now: number): SessionRecord {
  const made = newSession(
    { project_id: `project-${n % 50}`, machine_id: `machine-${n}`, metadata: { branch: 'main' } },
    randomUUID(),
    new Date(now),
  );
  if (n < live) return made;
  if (n < live + stalled) return { ...made, status: 'stalled', stalled_at: new Date(now) };
  const at = new Date(now - ((n * 60_011) % (29 * DAY_MS)));
  // Some expire within the day: those are what the summary has to look at.
  const expires_at = new Date(at.getTime() + 29 * DAY_MS + 3_600_000);
  const ended = { last_heartbeat: at, completed_at: at, created_at: at, updated_at: at, expires_at };
  return { ...made, ...ended, status: n % 10 === 0 ? 'failed' : 'completed' };
}
