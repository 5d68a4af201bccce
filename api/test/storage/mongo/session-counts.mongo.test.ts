import assert from 'node:assert/strict';
import type { SessionStatus } from '@claude-projects/shared/contract';
import * as fc from 'fast-check';
import type { Connection } from 'mongoose';
import { ConsistencyService } from '../../../src/consistency/consistency.service.ts';
import { Log } from '../../../src/logging/log.ts';
import { createMongoStorage } from '../../../src/storage/mongo/index.ts';
import type { SessionRecord } from '../../../src/storage/records.ts';
import type { Storage } from '../../../src/storage/storage.ts';
import { DAY, FakeClock, HOUR } from '../../support/fake-clock.ts';
import { aSession } from '../contract/builders.ts';
import { times } from '../contract/harness.ts';
import { connectTo, freshDatabase, type TestDatabase } from './test-engine.ts';

/** Far ahead of the server's clock, so that the time to live is played here and not by the server. */
const NEW_YEARS_EVE = new Date('2098-12-31T21:40:00.000Z');
const STATES = ['active', 'paused', 'completed', 'failed', 'stalled'] as const satisfies SessionStatus[];

describe('the counts MongoDB keeps of ended sessions', function () {
  this.timeout(120_000);

  let database: TestDatabase;
  let connection: Connection;
  let clock: FakeClock;
  let storage: Storage;

  beforeEach(async () => {
    database = await freshDatabase();
    connection = await connectTo(database);
    clock = new FakeClock(NEW_YEARS_EVE);
    storage = await open();
  });
  afterEach(async () => {
    await connection.destroy();
    await database.drop();
  });

  const open = () => createMongoStorage(connection, { timeoutMs: 10_000, clock });
  const sessions = () => connection.model('Session').collection;
  const counters = () => connection.model('SessionCount').collection;

  /** What the index that deletes does, sooner or later: without a word to anybody. */
  const expire = () => sessions().deleteMany({ expires_at: { $lte: clock.now() } });

  async function assertExact(): Promise<void> {
    const counted = Object.fromEntries(
      await Promise.all(STATES.map(async (status) => [status, await sessions().countDocuments({ status })] as const)),
    );
    assert.deepEqual(await storage.sessions.countByStatus(), counted);
    const { total } = await storage.sessions.list({}, { limit: 1, offset: 0 });
    assert.equal(total, await sessions().countDocuments({}));
    const failed = await storage.sessions.list({ status: 'failed' }, { limit: 1, offset: 0 });
    assert.equal(failed.total, counted['failed']);
  }

  const compared = () => storage.transaction((stores) => stores.sessions.compareCounts());

  const ended = (given: Partial<SessionRecord> = {}) =>
    aSession({
      status: 'completed',
      completed_at: clock.now(),
      expires_at: new Date(clock.now().getTime() + DAY),
      ...given,
    });

  it('are what counting would give, after any history, whatever of it has expired', async () => {
    const expiry = fc.option(fc.integer({ min: -2 * 24, max: 3 * 24 }), { freq: 5 });
    const step = fc.record({
      of: fc.nat({ max: 5 }),
      does: fc.constantFrom('insert', 'delete', 'time', 'expiry', 'heartbeat', ...STATES),
      hours: expiry,
      alone: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 25 }), async (steps) => {
        const known = times(6, () => aSession({ status: 'completed', completed_at: clock.now() }));
        for (const { of, does, hours, alone } of steps) {
          const { session_id } = known[of] ?? aSession();
          const expires_at = hours === null ? null : new Date(clock.now().getTime() + hours * HOUR);
          const work = async ({ sessions: stored }: Pick<Storage, 'sessions'>) => {
            if (does === 'insert') {
              if (!(await stored.get(session_id))) await stored.insert({ ...(known[of] ?? aSession()), expires_at });
            } else if (does === 'delete') await stored.delete(session_id);
            else if (does === 'expiry') await stored.update(session_id, {}, { set: { expires_at } });
            else if (does === 'heartbeat') await stored.heartbeat(session_id, { at: clock.now() });
            else if (does === 'time') return;
            else await stored.update(session_id, {}, { set: { status: does, expires_at } });
          };
          if (does === 'time') {
            clock.advance(Math.abs(hours ?? 1) * (HOUR / 4));
            if (alone) await expire();
          } else await (alone ? work(storage) : storage.transaction(work));
        }
        await assertExact();
        assert.equal(await compared(), null);
      }),
      { numRuns: 25 },
    );
  });

  it('are exact while the hours pass in which sessions expire, deleted or not yet', async () => {
    for (const hours of times(60, (index) => index)) {
      await storage.sessions.insert(ended({ expires_at: new Date(clock.now().getTime() + hours * HOUR) }));
    }
    await storage.sessions.insert(ended({ expires_at: null }));
    for (let hour = 0; hour < 30; hour++) {
      await assertExact();
      clock.advance(HOUR);
      if (hour % 3 === 2) await expire();
    }
    await expire();
    await assertExact();
    assert.equal(await compared(), null);
  });

  it('are exact where 60 sessions end at once', async () => {
    const live = times(60, () => aSession());
    await Promise.all(live.map((session) => storage.sessions.insert(session)));
    const expires_at = new Date(clock.now().getTime() + 30 * DAY);
    await Promise.all(
      live.map(({ session_id }, index) =>
        storage.transaction(async (stores) => {
          const status = index % 4 === 0 ? 'failed' : 'completed';
          const set = { status, completed_at: clock.now(), expires_at } as const;
          assert(await stores.sessions.update(session_id, { status: ['active'] }, { set }));
        }),
      ),
    );
    const counts = await storage.sessions.countByStatus();
    assert.deepEqual(counts, { active: 0, paused: 0, stalled: 0, completed: 45, failed: 15 });
    assert.equal(await compared(), null);
  });

  it('count each session once, however many change it at once', async () => {
    for (let round = 0; round < 50; round++) {
      const session = ended({ status: 'failed' });
      await storage.sessions.insert(session);
      const { session_id } = session;
      await Promise.all([
        storage.sessions.update(session_id, { status: ['completed', 'failed'] }, { set: { expires_at: null } }),
        storage.sessions.update(session_id, {}, { set: { expires_at: new Date(clock.now().getTime() + 9 * DAY) } }),
        storage.sessions.update(
          session_id,
          { status: ['failed'], notRecovered: true },
          { set: { status: 'completed' } },
        ),
        round % 2 === 0 ? storage.sessions.delete(session_id) : undefined,
        storage.sessions.delete(ended().session_id),
      ]);
    }
    await assertExact();
    assert.equal(await compared(), null);
  });

  it('are untouched where a guard does not hold, or a transaction is undone', async () => {
    const session = ended();
    await storage.sessions.insert(session);
    const { session_id } = session;
    assert.equal(
      await storage.sessions.update(session_id, { status: ['failed'] }, { set: { expires_at: null } }),
      null,
    );
    await assert.rejects(
      storage.transaction(async (stores) => {
        await stores.sessions.delete(session_id);
        throw new RangeError('undone');
      }),
      RangeError,
    );
    await assertExact();
    assert.equal(await compared(), null);
  });

  it('begin with what a database from before them holds, also where two start at once', async () => {
    await counters().deleteMany({});
    const stored = times(40, (index) =>
      ended({
        status: index % 3 === 0 ? 'failed' : 'completed',
        expires_at: index % 5 === 0 ? null : new Date(clock.now().getTime() + index * HOUR),
      }),
    );
    await sessions().insertMany([...stored, aSession()]);
    [storage] = await Promise.all([open(), open()]);
    await assertExact();
    assert.equal(await compared(), null);
    // Whoever starts later does not count again.
    await counters().updateOne({ shard: 3 }, { $inc: { 'failed.kept': 5 } });
    storage = await open();
    const wrong = await compared();
    assert.equal(wrong && wrong.kept - wrong.counted, 5);
  });

  it('are found wrong by the consistency check, and counted anew where that is asked for', async () => {
    const [first, second, gone, past] = [
      ended(),
      ended(),
      ended({ expires_at: null }),
      ended({ expires_at: clock.now() }),
    ];
    assert(first && second && gone && past);
    for (const session of [first, second, gone, past]) await storage.sessions.insert(session);
    // Past the API, as somebody with a shell would.
    await sessions().deleteOne({ session_id: gone.session_id });
    await sessions().insertOne({ ...ended() });
    const log = new Log({ logLevel: 'silent', apiKeys: [], mongodbUri: undefined });
    const service = new ConsistencyService(storage, clock, log);
    assert.deepEqual(await service.check(), { found: 1, remaining: 1 });
    assert.deepEqual(await service.check({ repair: true }), { found: 1, remaining: 0 });
    await assertExact();
    assert.deepEqual(await service.check(), { found: 0, remaining: 0 });
  });

  it('stay exact while sessions end during the repair', async () => {
    await Promise.all(times(60, () => storage.sessions.insert(ended())));
    await counters().updateMany({}, { $inc: { 'completed.kept': 3 } });
    const live = times(60, () => aSession());
    await Promise.all(live.map((session) => storage.sessions.insert(session)));
    const expires_at = new Date(clock.now().getTime() + 2 * DAY);
    await Promise.all([
      (async () => {
        for (let times = 0; times < 5; times++) await storage.transaction((stores) => stores.sessions.recount());
      })(),
      (async () => {
        for (const { session_id } of live) {
          await storage.sessions.update(session_id, { status: ['active'] }, { set: { status: 'failed', expires_at } });
        }
      })(),
    ]);
    await assertExact();
    assert.equal(await compared(), null);
  });
});
