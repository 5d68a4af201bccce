import assert from 'node:assert/strict';
import type { Connection } from 'mongoose';
import { createMongoStorage } from '../../../src/storage/mongo/index.ts';
import type { Storage } from '../../../src/storage/storage.ts';
import { StorageUnavailableError, UniqueViolationError } from '../../../src/storage/storage-errors.ts';
import { aMachine, aSession, aTask, at } from '../contract/builders.ts';
import { commandsOf } from './support/recorded-commands.ts';
import { connectTo, freshDatabase, type TestDatabase } from './test-engine.ts';

const COLLECTIONS = ['sessions', 'tasks', 'machines', 'leases', 'job_runs'];

describe('transactions on MongoDB', () => {
  let database: TestDatabase;
  let connection: Connection;
  let storage: Storage;

  before(async () => {
    database = await freshDatabase();
    connection = await connectTo(database);
    storage = await createMongoStorage(connection, { timeoutMs: 5000 });
  });
  after(async () => {
    await connection?.destroy();
    await database?.drop();
  });

  const everything = () => {
    const db = connection.getClient().db(connection.name);
    return Promise.all(COLLECTIONS.map((name) => db.collection(name).find().sort({ _id: 1 }).toArray()));
  };

  it('that end in the middle leave every document as it was', async () => {
    const [session, task, machine] = [aSession(), aTask(), aMachine()];
    await storage.sessions.insert(session);
    await storage.tasks.insert(task);
    await storage.machines.register(machine);
    const before = await everything();
    const end = new Error('the middle');
    const work = storage.transaction(async ({ sessions, tasks, machines }) => {
      await sessions.update(session.session_id, {}, { set: { status: 'completed' }, mergeMetadata: { a: 1 } });
      await sessions.insert(aSession());
      await tasks.delete(task.task_id);
      await machines.addSession(machine.machine_id, session.session_id, at(1));
      throw end;
    });
    await assert.rejects(work, (error) => error === end);
    assert.deepEqual(await everything(), before);
  });

  it('send all of their calls within, at snapshot and to a majority', async () => {
    const commands = await commandsOf(connection, () =>
      storage.transaction(async ({ sessions, tasks, machines }) => {
        const machine = aMachine();
        await sessions.insert(aSession());
        await sessions.list({}, { limit: 1, offset: 0 });
        await sessions.listStalled({}, at(0), { limit: 1, offset: 0 });
        await sessions.markOverdueStalled(at(1), at(2), 5);
        await sessions.countByStatus();
        await tasks.list({}, { limit: 1, offset: 0 });
        await machines.register(machine);
        await machines.list({}, { limit: 1, offset: 0 });
        await machines.deleteIdle(machine.machine_id);
      }),
    );
    const [first, ...others] = commands;
    const last = others.at(-1);
    assert.match(JSON.stringify(first?.command['readConcern']), /"level":"snapshot"/);
    assert.equal(last?.name, 'commitTransaction');
    assert.match(JSON.stringify(last?.command['writeConcern']), /"w":"majority"/);
    assert.equal(new Set(commands.map(({ command }) => String(command['txnNumber']))).size, 1);
    assert(commands.every(({ command }) => command['autocommit'] === false));
  });

  it('fail with the violation even if their work swallows it, and keep nothing', async () => {
    const [session, other] = [aSession(), aSession()];
    await storage.sessions.insert(session);
    const work = storage.transaction(async ({ sessions }) => {
      await sessions.insert(other);
      await sessions.insert(session).catch(() => undefined);
    });
    await assert.rejects(work, (error) => error instanceof UniqueViolationError && error.constraint === 'session_id');
    assert.equal(await storage.sessions.get(other.session_id), null);
  });

  it('give up after a bounded time, however often they collide', async () => {
    const session = aSession();
    await storage.sessions.insert(session);
    const hurried = await createMongoStorage(connection, { timeoutMs: 300 });
    let attempts = 0;
    const work = hurried.transaction(async ({ sessions }) => {
      attempts++;
      await sessions.get(session.session_id);
      // Somebody else is always faster.
      await storage.sessions.update(session.session_id, {}, { set: {}, takePosition: true });
      await sessions.update(session.session_id, {}, { set: { recovery_attempts: 99 } });
    });
    await assert.rejects(work, StorageUnavailableError);
    assert(attempts > 1, 'it was not even tried again');
    assert.equal((await storage.sessions.get(session.session_id))?.recovery_attempts, 0);
  });
});
