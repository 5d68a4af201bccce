import assert from 'node:assert/strict';
import { DatabaseSync } from 'node:sqlite';
import { openSqliteStorage } from '../../../src/storage/sqlite/index.ts';
import { startChild } from './support/child.ts';
import { databaseIn, temporaryDirectory } from './support/directories.ts';

const KILLS = 20;

/** A child that writes until it is killed, at some moment after it began. */
async function writeAndKill(dataDir: string): Promise<string[]> {
  const child = startChild('write-until-killed.ts', [dataDir]);
  await new Promise<void>((resolve, reject) => {
    child.process.stdout?.once('data', () => resolve());
    child.exited.then(({ errors }) => reject(new Error(errors)), reject);
  });
  await new Promise((resolve) => setTimeout(resolve, Math.random() * 120));
  child.process.kill('SIGKILL');
  const { errors } = await child.exited;
  assert.equal(errors, '');
  return child.lines();
}

/** The ids after one of the words the child puts before them. */
function idsAfter(word: string, lines: string[]): string[] {
  return lines.filter((line) => line.startsWith(`${word} `)).map((line) => line.slice(word.length + 1));
}

function assertConsistent(path: string): void {
  const database = new DatabaseSync(path);
  const none = (sql: string) => assert.deepEqual(database.prepare(sql).all(), [], sql);
  assert.deepEqual({ ...database.prepare('PRAGMA integrity_check').get() }, { integrity_check: 'ok' });
  none('SELECT task_id FROM tasks WHERE session_id NOT IN (SELECT session_id FROM sessions)');
  none(`SELECT session_id FROM sessions
        WHERE next_position <> (SELECT count(*) FROM tasks WHERE tasks.session_id = sessions.session_id)`);
  none('SELECT session_id, position FROM tasks GROUP BY session_id, position HAVING count(*) > 1');
  database.close();
}

describe('SQLite storage under SIGKILL', () => {
  it(`keeps all it acknowledged and nothing by halves, ${KILLS} times over`, async () => {
    const dataDir = temporaryDirectory();
    const acknowledged: string[] = [];
    for (let kill = 0; kill < KILLS; kill += 1) {
      const lines = await writeAndKill(dataDir);
      acknowledged.push(...lines);
      const storage = openSqliteStorage({ dataDir });
      const deleting = new Set(idsAfter('deleting', acknowledged));
      const deleted = idsAfter('deleted', acknowledged);
      for (const id of idsAfter('session', lines)) {
        if (!deleting.has(id)) assert.ok(await storage.sessions.get(id), `session ${id} is lost`);
      }
      for (const id of deleted) assert.equal(await storage.sessions.get(id), null);
      for (const line of idsAfter('task', lines)) {
        const [task = '', session = ''] = line.split(' of ');
        if (!deleting.has(session)) assert.ok(await storage.tasks.get(task), `task ${task} is lost`);
      }
      await storage.close();
      assertConsistent(databaseIn(dataDir));
    }
    assert.ok(idsAfter('task', acknowledged).length > KILLS, 'the children got somewhere');
  }).timeout(120_000);
});
