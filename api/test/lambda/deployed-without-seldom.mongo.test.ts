import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import {
  Machine,
  MachineList,
  ServiceReadiness,
  Session,
  SessionHealthSummary,
  SessionList,
  Stats,
  Task,
  TaskList,
} from '@claude-projects/shared/contract';
import { freshDatabase, type TestDatabase } from '../storage/mongo/test-engine.ts';
import { DeployedApi } from './support/deployed-api.ts';
import { Unpacked } from './support/unpacked.ts';

/** What is kept for later is read in a moment in which an instance has a fraction of its processor left. */
describe("the API's bundle without what it keeps for later", () => {
  let database: TestDatabase;
  let unpacked: Unpacked;
  let api: DeployedApi;
  before(async () => {
    database = await freshDatabase();
    unpacked = await Unpacked.function('lambda');
    rmSync(join(unpacked.folder, 'seldom.json'));
    api = await DeployedApi.start(unpacked.folder, database.uri);
  });
  after(async () => {
    await api[Symbol.asyncDispose]();
    unpacked[Symbol.dispose]();
    await database.drop();
  });

  it('serves a session from its start to its recovery', async () => {
    const [project_id, machine_id] = ['project-1', 'machine-1'];
    await api.call(['GET', '/health/ready'], 200, ServiceReadiness);
    await api.call(['POST', '/api/machines', { machine_id, hostname: 'host', docker_slots: [] }], 201, Machine);
    await api.call(['POST', `/api/machines/${machine_id}/heartbeat`], 200, Machine);
    await api.call(['GET', '/api/machines'], 200, MachineList);
    const { session_id } = await api.call(['POST', '/api/sessions', { project_id, machine_id }], 201, Session);
    const path = `/api/sessions/${session_id}`;
    await api.call(['POST', `${path}/heartbeat`, { current_task_id: 'task-1' }], 200, Session);
    const create = ['POST', '/api/tasks', { session_id, project_id, task_name: 'first' }] as const;
    const { task_id } = await api.call(create, 201, Task);
    await api.call(['PATCH', `/api/tasks/${task_id}`, { status: 'in_progress' }], 200, Task);
    await api.call(['GET', `/api/tasks?session_id=${session_id}`], 200, TaskList);
    await api.call(['GET', '/api/sessions?limit=5'], 200, SessionList);
    await api.call(['GET', '/api/sessions/health'], 200, SessionHealthSummary);
    await api.call(['GET', '/api/stats'], 200, Stats);
    await api.call(['PATCH', path, { status: 'failed' }], 200, Session);
    const recover = ['POST', `${path}/recover`, { new_machine_id: 'machine-2' }] as const;
    assert.equal((await api.call(recover, 201, Session)).recovered_from, session_id);
  });

  it('cannot read a schedule that is not the usual one', async () => {
    await using other = await DeployedApi.start(unpacked.folder, database.uri, { CLEANUP_CRON: '0 4 * * *' });
    await assert.rejects(other.send('GET', '/health'), /seldom\.json/);
  });
});
