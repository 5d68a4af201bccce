import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { ConflictError, StateTrackingApiClient } from '@claude-projects/shared/client';

const client = new StateTrackingApiClient({
  baseUrl: process.env['CLAUDE_PROJECTS_URL'] ?? 'http://127.0.0.1:3000',
  apiKey: process.env['CLAUDE_PROJECTS_API_KEY'],
});

// Ids made here let the client repeat a create whose reply was lost, without making two.
const place = { project_id: 'acme/shop', machine_id: hostname() };
const { session_id } = await client.createSession({ ...place, session_id: randomUUID() });

try {
  const { task_id } = await client.createTask({
    task_id: randomUUID(),
    session_id,
    project_id: place.project_id,
    task_name: 'Write the tests',
  });
  await client.updateTask(task_id, { status: 'in_progress' });

  // Once a minute while the work goes on.
  await client.sendHeartbeat(session_id, { current_task_id: task_id, activity: 'working' });

  await client.updateTask(task_id, { status: 'completed' });
  await client.updateSession(session_id, { status: 'completed' });
} catch (error) {
  if (!(error instanceof ConflictError) || error.code !== 'SESSION_ENDED') throw error;
  process.stderr.write(`The work goes on in ${error.successorSessionId ?? 'no other session'}.\n`);
}

const { sessions, total } = await client.listSessions({ project_id: place.project_id });
process.stdout.write(`${sessions.length} of ${total} sessions, the latest ${sessions[0]?.status}.\n`);
