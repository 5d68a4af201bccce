import assert from 'node:assert/strict';
import type { Connection } from 'mongoose';
import { buildIndexes, mountModels } from '../../../src/storage/mongo/index.ts';
import { INDEXES } from '../../../src/storage/mongo/schema/declared-indexes.ts';
import { StorageStartError } from '../../../src/storage/storage-errors.ts';
import { commandsOf } from './support/recorded-commands.ts';
import { connectTo, freshDatabase, type TestDatabase } from './test-engine.ts';

/** Written out once more: what the PRD and the port ask for, and not what the code happens to declare. */
const REQUIRED: Record<string, Record<string, object>> = {
  sessions: {
    session_id: { key: { session_id: 1 }, unique: true },
    active_place: {
      key: { project_id: 1, machine_id: 1, docker_slot: 1 },
      unique: true,
      partialFilterExpression: { status: 'active' },
    },
    docker_slot: {
      key: { machine_id: 1, docker_slot: 1 },
      unique: true,
      partialFilterExpression: { docker_slot: { $gte: 0 }, status: { $in: ['active', 'paused'] } },
    },
    project_id_status: { key: { project_id: 1, status: 1 } },
    machine_id: { key: { machine_id: 1 } },
    last_heartbeat: { key: { last_heartbeat: 1 } },
    status_last_heartbeat: { key: { status: 1, last_heartbeat: 1, session_id: 1 } },
    newest_first: { key: { created_at: -1, session_id: -1 } },
    project_newest_first: { key: { project_id: 1, created_at: -1, session_id: -1 } },
    machine_newest_first: { key: { machine_id: 1, created_at: -1, session_id: -1 } },
    status_newest_first: { key: { status: 1, created_at: -1, session_id: -1 } },
    archived_newest_first: { key: { archived_at: 1, created_at: -1, session_id: -1 } },
    updated_at: { key: { updated_at: 1 } },
    status_completed_at: { key: { status: 1, completed_at: 1, session_id: 1 } },
    expiry: { key: { expires_at: 1 }, expireAfterSeconds: 0 },
    status_expires_at: { key: { status: 1, expires_at: 1 } },
    live: {
      key: { session_id: 1, status: 1 },
      partialFilterExpression: { status: { $in: ['active', 'paused', 'stalled'] } },
    },
    live_of_machine: {
      key: { machine_id: 1, status: 1 },
      partialFilterExpression: { status: { $in: ['active', 'paused', 'stalled'] } },
    },
    recovered_by: { key: { recovered_by: 1 } },
  },
  tasks: {
    task_id: { key: { task_id: 1 }, unique: true },
    session_id_status: { key: { session_id: 1, status: 1 } },
    session_id_position: { key: { session_id: 1, position: 1, task_id: 1 } },
    project_id: { key: { project_id: 1 } },
    status_in_order: { key: { status: 1, session_id: 1, position: 1, task_id: 1 } },
    created_at: { key: { created_at: 1 } },
    status_completed_at: { key: { status: 1, completed_at: 1 } },
    expiry: { key: { expires_at: 1 }, expireAfterSeconds: 0 },
  },
  machines: {
    machine_id: { key: { machine_id: 1 }, unique: true },
    status: { key: { status: 1 } },
    last_heartbeat: { key: { last_heartbeat: 1 } },
  },
  leases: { name: { key: { name: 1 }, unique: true } },
  job_runs: { job: { key: { job: 1 }, unique: true } },
  expected_jobs: { job: { key: { job: 1 }, unique: true } },
  counters: {
    key_window: { key: { key: 1, window_end: 1 }, unique: true },
    expiry: { key: { window_end: 1 }, expireAfterSeconds: 0 },
  },
  stalls: {
    session_id_detected_at: { key: { session_id: 1, detected_at: 1 }, unique: true },
    detected_at: { key: { detected_at: 1, silence_ms: 1, returned_at: 1 } },
  },
  heartbeat_counts: { hour: { key: { hour: 1 }, unique: true } },
  consistency_checks: { name: { key: { name: 1 }, unique: true } },
};

describe('the indexes', () => {
  let database: TestDatabase;
  let connection: Connection;

  beforeEach(async () => {
    database = await freshDatabase();
    connection = await connectTo(database);
  });
  afterEach(async () => {
    await connection.destroy();
    await database.drop();
  });

  const build = () => buildIndexes(mountModels(connection), 'db.example:27017');
  const collection = (name: string) => connection.getClient().db(connection.name).collection(name);
  const refused = (message: RegExp) =>
    assert.rejects(build(), (error) => error instanceof StorageStartError && message.test(error.message));

  it('are all there, with their options, and no others', async () => {
    await build();
    for (const [name, required] of Object.entries(REQUIRED)) {
      const existing = await collection(name).indexes();
      const found = existing
        .filter((index) => index.name !== '_id_')
        .map(({ name, key, unique, partialFilterExpression, expireAfterSeconds }) => [
          name,
          {
            key,
            ...(unique && { unique }),
            ...(partialFilterExpression && { partialFilterExpression }),
            ...(expireAfterSeconds !== undefined && { expireAfterSeconds }),
          },
        ]);
      assert.deepEqual(Object.fromEntries(found), required, name);
    }
  });

  it('keep the order of their keys', async () => {
    await build();
    const existing = await collection('sessions').indexes();
    for (const { name, key } of INDEXES.sessions) {
      const found = existing.find((index) => index.name === name);
      assert.deepEqual(Object.keys(found?.key ?? {}), Object.keys(key));
    }
  });

  it('are left as they are when they are built again, also by two at once', async () => {
    await Promise.all([build(), build()]);
    const before = await collection('sessions').indexes();
    await build();
    assert.deepEqual(await collection('sessions').indexes(), before);
  });

  it('are only looked at where all are there: each start of a function waits for the answers', async () => {
    await build();
    const names = (await commandsOf(connection, build)).map(({ name }) => name);
    assert.deepEqual(names, Object.keys(INDEXES).fill('listIndexes'));
  });

  it('are neither looked at nor built where the database does not answer, and whoever starts is told so', async () => {
    const models = mountModels(connection);
    await connection.getClient().close();
    await assert.rejects(buildIndexes(models, 'db.example:27017'), {
      name: 'StorageStartError',
      message: /^MongoDB at db\.example:27017 does not answer/,
    });
  });

  it('are built where one was dropped', async () => {
    await build();
    await collection('tasks').dropIndex('project_id');
    await build();
    const existing = await collection('tasks').indexes();
    assert.ok(existing.some(({ name }) => name === 'project_id'));
  });

  it('are not built anew over one of the same name with another key', async () => {
    await collection('sessions').createIndex({ hostname: 1 }, { name: 'last_heartbeat' });
    await refused(/collection "sessions" exists with other options .* drop it/);
  });

  it('are not built anew over one of the same name that is not unique', async () => {
    await collection('tasks').createIndex({ task_id: 1 }, { name: 'task_id' });
    await refused(/collection "tasks" exists with other options/);
  });

  it('are not built anew over one that lets documents live longer', async () => {
    await collection('tasks').createIndex({ expires_at: 1 }, { name: 'expiry', expireAfterSeconds: 3600 });
    await refused(/collection "tasks" exists with other options/);
  });

  it('are not built over duplicates', async () => {
    await collection('machines').insertMany([{ machine_id: 'a' }, { machine_id: 'a' }]);
    await refused(/db\.example:27017 holds documents in "machines" that break a unique index: remove the duplicates/);
  });
});
