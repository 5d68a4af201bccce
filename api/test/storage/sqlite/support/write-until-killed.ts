import { randomUUID } from 'node:crypto';
import { writeSync } from 'node:fs';
import { argv } from 'node:process';
import { openSqliteStorage } from '../../../../src/storage/sqlite/index.ts';
import { aSession, aTask, at, MINUTE } from '../../contract/builders.ts';

// Creates sessions with tasks, beats, ends and deletes some, and says so after each commit, until it is killed.
const [dataDir = ''] = argv.slice(2);
const storage = openSqliteStorage({ dataDir });
const acknowledge = (what: string) => writeSync(1, `${what}\n`);

async function createSession(): Promise<string> {
  const session = aSession({ metadata: { text: 'x'.repeat(2000) } });
  await storage.sessions.insert(session);
  acknowledge(`session ${session.session_id}`);
  return session.session_id;
}

async function createTask(session_id: string): Promise<void> {
  const task_id = randomUUID();
  await storage.transaction(async ({ sessions, tasks }) => {
    const session = await sessions.update(session_id, {}, { set: {}, takePosition: true });
    if (!session) throw new Error('the session is gone');
    await tasks.insert(aTask({ task_id, session_id, position: session.next_position - 1 }));
  });
  acknowledge(`task ${task_id} of ${session_id}`);
}

async function deleteSession(session_id: string): Promise<void> {
  await storage.transaction(async ({ sessions, tasks }) => {
    await tasks.deleteOfSession(session_id);
    await sessions.delete(session_id);
  });
  acknowledge(`deleted ${session_id}`);
}

acknowledge('ready');
for (let round = 0; ; round += 1) {
  const session = await createSession();
  for (let task = 0; task < 3; task += 1) await createTask(session);
  await storage.sessions.heartbeat(session, { at: at(round * MINUTE) });
  if (round % 4 === 3) {
    acknowledge(`deleting ${session}`);
    await deleteSession(session);
  }
}
