import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import {
  DetailedHealth,
  Machine,
  MachineList,
  OpenApiDocument,
  ServiceHealth,
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
import { LambdaError } from './support/lambda-error.ts';
import { Unpacked } from './support/unpacked.ts';

describe("the API's bundle under AWS's runtime client", () => {
  let database: TestDatabase;
  let unpacked: Unpacked;
  let api: DeployedApi;
  before(async () => {
    database = await freshDatabase();
    unpacked = await Unpacked.function('lambda');
    api = await DeployedApi.start(unpacked.folder, database.uri);
  });
  after(async () => {
    await api[Symbol.asyncDispose]();
    unpacked[Symbol.dispose]();
    await database.drop();
  });

  const newSession = (project_id = `project-${randomUUID()}`) =>
    api.call(['POST', '/api/sessions', { project_id, machine_id: `machine-${randomUUID()}` }], 201, Session);

  it('answers its first request, and goes on with the connection that it made for it', async () => {
    const { version } = await api.call(['GET', '/health'], 200, ServiceHealth);
    assert.match(version, /^\d+\.\d+\.\d+$/);
    await newSession();
    await newSession();
    await api.instance.untilPrinted(/"Database connected"/);
    assert.equal(api.logged('Database connected'), 1);
  });

  it('serves sessions', async () => {
    const { session_id, project_id } = await newSession();
    const path = `/api/sessions/${session_id}`;
    const beat = await api.call(['POST', `${path}/heartbeat`, { current_task_id: 'task-1' }], 200, Session);
    assert.equal(beat.current_task_id, 'task-1');
    await api.call(['POST', `${path}/heartbeat`], 200, Session);
    const listed = await api.call(['GET', `/api/sessions?project_id=${project_id}&limit=5`], 200, SessionList);
    assert.deepEqual(
      listed.sessions.map((session) => session.session_id),
      [session_id],
    );
    await api.call(['GET', '/api/sessions/health'], 200, SessionHealthSummary);
    assert.equal((await api.call(['PATCH', path, { status: 'failed' }], 200, Session)).status, 'failed');
    const recover = ['POST', `${path}/recover`, { new_machine_id: `machine-${randomUUID()}` }] as const;
    assert.equal((await api.call(recover, 201, Session)).recovered_from, session_id);
  });

  it('serves tasks', async () => {
    const { session_id, project_id } = await newSession();
    const create = ['POST', '/api/tasks', { session_id, project_id, task_name: 'a task' }] as const;
    const { task_id } = await api.call(create, 201, Task);
    await api.call(['PATCH', `/api/tasks/${task_id}`, { status: 'in_progress' }], 200, Task);
    const listed = await api.call(['GET', `/api/tasks?session_id=${session_id}`], 200, TaskList);
    assert.deepEqual(
      listed.tasks.map((task) => [task.task_id, task.status]),
      [[task_id, 'in_progress']],
    );
  });

  it('serves machines, whatever is in their names', async () => {
    const machine_id = `a?b#c%d é ${randomUUID()}`;
    await api.call(['POST', '/api/machines', { machine_id, hostname: 'host', docker_slots: [] }], 201, Machine);
    const path = `/api/machines/${encodeURIComponent(machine_id)}`;
    assert.equal((await api.call(['GET', path], 200, Machine)).machine_id, machine_id);
    await api.call(['POST', `${path}/heartbeat`], 200, Machine);
    const { machines } = await api.call(['GET', '/api/machines'], 200, MachineList);
    assert.ok(machines.some((machine) => machine.machine_id === machine_id));
  });

  it('serves measures', async () => {
    await api.call(['GET', '/api/stats'], 200, Stats);
    assert.match((await api.send('GET', '/metrics')).text, /CloudWatch has them/);
  });

  it('serves its health, its database included', async () => {
    await api.call(['GET', '/health/live'], 200, ServiceHealth);
    await api.call(['GET', '/health/ready'], 200, ServiceReadiness);
    const { dependencies } = await api.call(['GET', '/health/detailed'], 200, DetailedHealth);
    assert.deepEqual([dependencies.database.engine, dependencies.database.connected], ['mongodb', true]);
  });

  it('serves its reference', async () => {
    assert.equal((await api.call(['GET', '/api/docs-json'], 200, OpenApiDocument)).openapi, '3.1.0');
    const page = await api.send('GET', '/api/docs');
    assert.match(page.text, /^<!doctype html>/i);
    assert.match(page.headers['content-type'] ?? '', /^text\/html/);
  });

  it('keeps out who has no key, and says what it does not have', async () => {
    const { status, text } = await api.send('GET', '/api/sessions', { headers: { 'x-api-key': '' } });
    assert.equal(status, 401, text);
    assert.equal((await api.send('GET', '/api/none')).status, 404);
  });

  it('reads a body that comes as base64', async () => {
    const project_id = `projét-${randomUUID()}`;
    const body = Buffer.from(JSON.stringify({ project_id, machine_id: 'машина' }));
    const { status, text } = await api.send('POST', '/api/sessions', { body });
    assert.equal(status, 201, text);
    const session = Session.parse(JSON.parse(text));
    assert.deepEqual([session.project_id, session.machine_id], [project_id, 'машина']);
  });

  it('tells a value that was sent twice from one that holds a comma', async () => {
    const project_id = `one,two-${randomUUID()}`;
    const { session_id } = await newSession(project_id);
    const query = `project_id=${encodeURIComponent(project_id)}`;
    const listed = await api.call(['GET', `/api/sessions?${query}`], 200, SessionList);
    assert.equal(listed.sessions[0]?.session_id, session_id);
    const twice = await api.send('GET', '/api/sessions?project_id=one&project_id=two');
    assert.equal(twice.status, 400);
    assert.match(twice.text, /project_id/);
  });

  it('reports what it cannot answer as its failure, and answers the next', async () => {
    await assert.rejects(
      api.instance.invoke({ Records: [] }),
      (error) => error instanceof LambdaError && error.type === 'TypeError' && /no HTTP request/.test(error.message),
    );
    await api.instance.untilPrinted(/\tERROR\tInvoke Error/);
    await api.call(['GET', '/health'], 200, ServiceHealth);
  });

  it('logs a line of metrics for CloudWatch once there is enough to tell', async () => {
    const { session_id } = await newSession();
    const told = () => api.instance.lines.some((line) => line.includes('"heartbeat_latency_ms":['));
    // At the latest with the hundredth value, which is as many as a line may carry.
    for (let beats = 0; beats < 100 && !told(); beats += 1) {
      await api.call(['POST', `/api/sessions/${session_id}/heartbeat`], 200, Session);
    }
    await api.instance.untilPrinted(/"heartbeat_latency_ms":\[/);
  });

  it('writes nothing but lines of JSON', () => {
    const { lines, reports } = api.instance;
    for (const line of lines.filter((each) => !reports.includes(each)))
      assert.doesNotThrow(() => JSON.parse(line), line);
  });
});
