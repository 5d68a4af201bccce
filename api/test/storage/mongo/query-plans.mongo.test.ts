import assert from 'node:assert/strict';
import { SessionStatus } from '@claude-projects/shared/contract';
import type { Connection } from 'mongoose';
import { createMongoStorage } from '../../../src/storage/mongo/index.ts';
import { type Models, mountModels } from '../../../src/storage/mongo/schema/models.ts';
import type { Storage } from '../../../src/storage/storage.ts';
import { aMachine, aSession, aTask, at, DAY, FAR_AHEAD, MINUTE, uniqueId } from '../contract/builders.ts';
import { times } from '../contract/harness.ts';
import { commandsOf, keysExaminedBy, type RecordedCommand, stagesOf } from './support/recorded-commands.ts';
import { connectTo, freshDatabase, type TestDatabase } from './test-engine.ts';

type Act = (storage: Storage) => Promise<unknown>;

const LONG_AGO = at(-300 * DAY);
/** Of each kind. Reading all of it is dearer from a few hundred on. */
const REST = 2000;

const page = { limit: 10, offset: 0 };
const session = aSession({ docker_slot: 3 });
const task = aTask({ session_id: session.session_id });
const machine = aMachine({ machine_id: session.machine_id });
const { session_id, project_id, machine_id } = session;

/** Grouped as the product speaks of them. What is not here has no filter to find an index for. */
const PATHS: Record<string, Record<string, Act>> = {
  'the heartbeat path': {
    'a heartbeat': ({ sessions }) =>
      sessions.heartbeat(session_id, { at: at(1), currentTaskId: 'x', mergeMetadata: { beats: 1 } }),
    'reading a session': ({ sessions }) => sessions.get(session_id),
    'changing a session': ({ sessions }) =>
      sessions.update(session_id, { status: ['active'] }, { set: { activity: 'idle' }, takePosition: true }),
    'the holder of a place': ({ sessions }) => sessions.findHolder({ project_id, machine_id, docker_slot: null }),
    'the holder of a slot': ({ sessions }) => sessions.findHolder(session),
  },
  'the stall path': {
    'the stall sweep': ({ sessions }) => sessions.markOverdueStalled(at(-DAY), at(0), 10),
    'the stall sweep, when it turns some': ({ sessions }) => sessions.markOverdueStalled(at(MINUTE), at(0), 2),
    'the stalled list': ({ sessions }) => sessions.listStalled({}, at(0), page),
    'the stalled list of a project': ({ sessions }) => sessions.listStalled({ project_id }, at(0), page),
    'abandoned sessions': ({ sessions }) => sessions.listAbandoned(at(0), 10),
    'the presence of machines': ({ machines }) => machines.markPresence(at(0), at(1)),
    'expired sessions': ({ sessions }) => sessions.listExpired(at(0), 10),
  },
  'the list path': {
    'sessions of a project': ({ sessions }) => sessions.list({ project_id }, page),
    'sessions of a project in a status': ({ sessions }) => sessions.list({ project_id, status: 'active' }, page),
    'sessions of a machine': ({ sessions }) => sessions.list({ machine_id }, page),
    'sessions in a status': ({ sessions }) => sessions.list({ status: 'failed' }, page),
    'archived sessions': ({ sessions }) => sessions.list({ archived: true }, page),
    'sessions that changed since': ({ sessions }) => sessions.list({ updatedSince: at(DAY) }, page),
    'live sessions of a machine': ({ sessions }) => sessions.listLiveIds(machine_id),
    'tasks of a session': ({ tasks }) => tasks.list({ session_id }, page),
    'tasks of a session in a status': ({ tasks }) => tasks.list({ session_id, status: 'pending' }, page),
    'tasks of a project': ({ tasks }) => tasks.list({ project_id }, page),
    'tasks in a status': ({ tasks }) => tasks.list({ status: 'failed' }, page),
    'all tasks of a session': ({ tasks }) => tasks.listOfSession(session_id),
    'machines in a status': ({ machines }) => machines.list({ status: 'offline' }, page),
  },
  'the health path': {
    'the count of each status': ({ sessions }) => sessions.countByStatus(),
    'the count of the live': ({ sessions }) => sessions.countLive(),
    'the count of overdue sessions': ({ sessions }) => sessions.countOverdue(at(0)),
  },
  'the path of the success measures': {
    'hitting a counter': ({ counters }) => counters.hit('key', FAR_AHEAD),
    'forgetting counters': ({ counters }) => counters.forgetEnded(at(0)),
    'recording stalls': ({ history }) =>
      history.recordStalls([{ session_id, last_heartbeat: at(0), detected_at: at(1) }]),
    'recording a return': ({ history }) => history.recordReturn(session_id, at(2)),
    'counting heartbeats': ({ history }) => history.countHeartbeats(at(0), { received: 1, refused: 0 }),
    'measuring a period': ({ history }) => history.measure({ since: at(0), until: at(MINUTE) }, 10),
    'forgetting history': ({ history }) => history.forgetBefore(at(-DAY)),
  },
  'the path of the consistency check': {
    'current tasks': ({ consistency }) => consistency.suspects('current_task_missing', null, 10),
    'lists of machines': ({ consistency }) => consistency.suspects('active_sessions_disagree', null, 10),
    'places held twice': ({ consistency }) => consistency.suspects('place_held_twice', null, 10),
    successors: ({ consistency }) => consistency.suspects('successor_missing', null, 10),
    'tasks without a session': ({ consistency }) => consistency.suspects('task_without_session', null, 10),
    'the last check': ({ consistency }) => consistency.lastCheck(),
  },
  'other writes': {
    'changing a task': ({ tasks }) => tasks.update(task.task_id, { status: ['pending'] }, { set: { position: 2 } }),
    'failing the running tasks': ({ tasks }) => tasks.failRunning(session_id, at(0), 'lost'),
    'dating the tasks of a session': ({ tasks }) => tasks.setExpiry(session_id, FAR_AHEAD),
    'deleting the tasks of a session': ({ tasks }) => tasks.deleteOfSession(session_id),
    'registering a machine': ({ machines }) => machines.register(machine),
    'changing a machine': ({ machines }) => machines.update(machine_id, { set: { last_heartbeat: at(1) } }),
    'putting a session on its machine': ({ machines }) => machines.addSession(machine_id, session_id, at(0)),
    'taking a session off its machine': ({ machines }) => machines.removeSession(machine_id, session_id, at(0)),
    'deleting an idle machine': ({ machines }) => machines.deleteIdle(machine_id),
    'a machine heartbeat': ({ machines }) => machines.heartbeat(machine_id, at(1), []),
    'taking a lease': ({ leases }) => leases.acquire('sweep', 'a', at(0), at(MINUTE)),
    'expecting jobs': ({ leases }) => leases.expectJobs(['sweep'], at(0)),
    'deleting a session': ({ sessions }) => sessions.delete(session_id),
  },
};

/** Commands that look for nothing. */
const WITHOUT_A_FILTER = new Set(['insert', 'commitTransaction', 'abortTransaction', 'endSessions']);
const READS_AN_INDEX = /^(EXPRESS_)?IXSCAN$|^COUNT_SCAN$|^DISTINCT_SCAN$/;

describe('the commands that reach MongoDB', () => {
  let database: TestDatabase;
  let connection: Connection;
  let storage: Storage;

  before(async () => {
    database = await freshDatabase();
    connection = await connectTo(database);
    await insertTheRest(mountModels(connection));
    storage = await createMongoStorage(connection, { timeoutMs: 5000 });
    await insertWhatIsAskedFor(storage);
  });
  after(async () => {
    await connection?.destroy();
    await database?.drop();
  });

  for (const [path, acts] of Object.entries(PATHS)) {
    describe(`on ${path}`, () => {
      for (const [title, act] of Object.entries(acts)) {
        it(`find by an index: ${title}`, async () => {
          const commands = await commandsOf(connection, () => act(storage));
          const searches = commands.filter(({ name }) => !WITHOUT_A_FILTER.has(name));
          assert(searches.length > 0, 'nothing was sent');
          for (const search of searches) {
            const stages = await stagesOf(connection, search);
            const seen = `${search.name}: ${stages.join(' < ')}`;
            assert(
              stages.some((stage) => READS_AN_INDEX.test(stage)),
              seen,
            );
            assert(!stages.includes('COLLSCAN'), seen);
          }
        });
      }
    });
  }

  it('AC-1.1.e the searches by session_id, project_id, machine_id and last_heartbeat each use an index', async () => {
    const sessions = connection.model('Session').collection;
    for (const filter of [{ session_id }, { project_id }, { machine_id }, { last_heartbeat: { $lt: at(0) } }]) {
      const [search] = await commandsOf(connection, () => sessions.find(filter).toArray());
      assert(search);
      const stages = await stagesOf(connection, search);
      assert(stages.some((stage) => READS_AN_INDEX.test(stage)) && !stages.includes('COLLSCAN'), stages.join(' < '));
    }
  });

  it('read no entry of a session that ended long before it expires, to count all', async () => {
    const { active, paused, stalled, completed, failed } = await storage.sessions.countByStatus();
    const readsCounts = ({ command }: RecordedCommand) => command['find'] === 'session_counts';
    const examined = async (act: () => Promise<unknown>) => {
      const counts = await commandsOf(connection, act);
      assert(counts.length > 0);
      const keys = await Promise.all(
        counts.map(async (count) => (readsCounts(count) ? 0 : keysExaminedBy(connection, count))),
      );
      return keys.reduce((total, examined) => total + examined, 0);
    };
    assert(completed + failed > 100);
    const live = active + paused + stalled;
    // The server may look at one entry beyond each range.
    assert((await examined(() => storage.sessions.countLive())) <= live + 5);
    assert((await examined(() => storage.sessions.countByStatus())) <= live + 10);
    // Only those are looked at that expire about now, where it is not certain who is still there.
    const soon = times(7, () => aSession({ status: 'completed', expires_at: new Date(Date.now() + 5 * MINUTE) }));
    for (const record of soon) await storage.sessions.insert(record);
    const examinedOfAll = await examined(() => storage.sessions.countByStatus());
    assert(examinedOfAll >= live + soon.length && examinedOfAll <= live + soon.length + 10);
    for (const record of soon) await storage.sessions.delete(record.session_id);
  });

  it('would be caught reading everything', async () => {
    const [search] = await commandsOf(connection, () =>
      connection.model('Session').collection.find({ activity_detail: 'x' }).toArray(),
    );
    assert(search);
    assert((await stagesOf(connection, search)).includes('COLLSCAN'));
  });

  it('each carry the time after which the server gives up', async () => {
    const commands = await commandsOf(connection, async () => {
      for (const acts of Object.values(PATHS)) for (const act of Object.values(acts)) await act(storage);
      await storage.sessions.insert(aSession());
      await storage.sessions.list({}, page);
      await storage.leases.recordRun({ job: 'a', started_at: at(0), duration_ms: 1, affected: 0, succeeded: true });
      await storage.leases.lastRuns();
      await storage.leases.expectJobs(['a'], at(0));
      await storage.leases.release('sweep', 'a');
      await storage.transaction((stores) => stores.tasks.insert(aTask()));
      await storage.ping();
    });
    // The server bounds an abort by itself, and the driver sends it without asking us.
    const unbounded = commands.filter(({ name, command }) => name !== 'abortTransaction' && !command['maxTimeMS']);
    assert.deepEqual(unbounded, []);
    assert.deepEqual(new Set(commands.map(({ command }) => command['maxTimeMS'])), new Set([5000]));
  });

  it('are one update for a heartbeat, and nothing else', async () => {
    const beating = aSession();
    await storage.sessions.insert(beating);
    const beat = () => storage.sessions.heartbeat(beating.session_id, { at: at(1), mergeMetadata: { a: 1 } });
    const commands = await commandsOf(connection, beat);
    assert.deepEqual(
      commands.map(({ name }) => name),
      ['findAndModify'],
    );
  });
});

/** What is asked for, and some of each status. */
async function insertWhatIsAskedFor({ sessions, tasks, machines }: Storage): Promise<void> {
  await sessions.insert(session);
  await sessions.insert(aSession({ current_task_id: task.task_id }));
  await sessions.insert(aSession({ status: 'completed', completed_at: at(0), recovered_by: session_id }));
  await tasks.insert(task);
  await machines.register(machine);
  for (const status of SessionStatus.options) {
    // One after the other: the engine has only so many transactions at once.
    for (const minutes of times(4, (each) => each * MINUTE))
      await sessions.insert(aSession({ status, last_heartbeat: at(-minutes), updated_at: at(minutes) }));
  }
}

/**
 * What nobody asks for, and so much of it that reading a whole collection is never the cheaper way: an engine that plans
 * by cost may learn at any moment how much there is. Past the storage and before its indexes, because that is quick.
 */
async function insertTheRest(models: Models): Promise<void> {
  const ended = { status: 'completed', completed_at: LONG_AGO, created_at: LONG_AGO, updated_at: LONG_AGO } as const;
  const later = (index: number) => at((index + 1) * DAY);
  await insertMany(models.sessions, () => aSession({ ...ended, last_heartbeat: LONG_AGO, expires_at: FAR_AHEAD }));
  await insertMany(models.sessionCounts, (index) => ({ shard: -1 - index, complete: false }));
  await insertMany(models.tasks, () => aTask({ ...ended, expires_at: FAR_AHEAD }));
  await insertMany(models.machines, (index) => aMachine({ last_heartbeat: later(index) }));
  await insertMany(models.leases, () => ({ name: uniqueId('lease'), holder: 'b', held_until: at(0) }));
  await insertMany(models.expectedJobs, () => ({ job: uniqueId('job'), since: at(0) }));
  await insertMany(models.counters, () => ({ key: uniqueId('key'), window_end: FAR_AHEAD, hits: 1 }));
  await insertMany(models.stalls, (index) => ({
    session_id: uniqueId('session'),
    detected_at: later(index),
    last_heartbeat: at(0),
    silence_ms: DAY,
    returned_at: null,
  }));
  await insertMany(models.heartbeatCounts, (index) => ({ hour: later(index), received: 1, refused: 0 }));
  await insertMany(models.consistencyChecks, () => ({ name: uniqueId('check'), checked_at: at(0), findings: [] }));
}

async function insertMany(model: Models[keyof Models], make: (index: number) => object): Promise<void> {
  await model.collection.insertMany(times(REST, (index) => ({ ...make(index) })));
}
