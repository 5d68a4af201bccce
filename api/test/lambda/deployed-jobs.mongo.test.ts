import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { Session, Stats } from '@claude-projects/shared/contract';
import type { Connection } from 'mongoose';
import { connectTo, freshDatabase, type TestDatabase } from '../storage/mongo/test-engine.ts';
import { DAY, HOUR } from '../support/fake-clock.ts';
import { secretWatch } from '../support/secret-watch.ts';
import { DeployedApi } from './support/deployed-api.ts';
import { FunctionInstance } from './support/function-instance.ts';
import { Unpacked } from './support/unpacked.ts';

/** What the scheduler sends; the functions make nothing of it. */
const WAKE_UP = { version: '0', source: 'aws.scheduler', 'detail-type': 'Scheduled Event', detail: '{}' };

describe("the jobs' bundles under AWS's runtime client", () => {
  let folders: Record<'lambda' | 'detect-failures' | 'cleanup', Unpacked>;
  let database: TestDatabase;
  let connection: Connection;
  let api: DeployedApi;
  before(async () => {
    folders = {
      lambda: await Unpacked.function('lambda'),
      'detect-failures': await Unpacked.function('detect-failures'),
      cleanup: await Unpacked.function('cleanup'),
    };
  });
  after(() => {
    for (const unpacked of Object.values(folders)) unpacked[Symbol.dispose]();
  });
  beforeEach(async () => {
    database = await freshDatabase();
    connection = await connectTo(database);
    api = await DeployedApi.start(folders.lambda.folder, database.uri);
  });
  afterEach(async () => {
    await api[Symbol.asyncDispose]();
    await connection.destroy();
    await database.drop();
  });

  function start(
    job: 'detect-failures' | 'cleanup',
    { uri = database.uri, aheadMs = 0 }: { uri?: string; aheadMs?: number } = {},
  ): Promise<FunctionInstance> {
    const key = randomUUID();
    secretWatch.addKeys([key]);
    // The engine deletes by itself what has expired by its own clock: only the function's clock can be ahead.
    const clock = `const Present = Date; globalThis.Date = class Date extends Present {
      constructor(...parts) { super(...(parts.length === 0 ? [Date.now()] : parts)); }
      static now() { return Present.now() + ${aheadMs}; }
    }`;
    return FunctionInstance.start({
      folder: folders[job].folder,
      variables: {
        API_KEYS: key,
        MONGODB_URI: uri,
        NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(clock)}`,
      },
    });
  }

  const newSession = () =>
    api.call(['POST', '/api/sessions', { project_id: randomUUID(), machine_id: randomUUID() }], 201, Session);

  /** Behind the API's back: its own clock cannot be moved. */
  async function change({ session_id }: Session, to: Record<string, unknown>): Promise<void> {
    const { modifiedCount } = await connection.collection('sessions').updateOne({ session_id }, { $set: to });
    assert.equal(modifiedCount, 1);
  }

  it('find the silent session, once, and tell CloudWatch how many there are', async () => {
    const silent = await newSession();
    await newSession();
    await change(silent, { last_heartbeat: new Date(Date.now() - HOUR) });
    await using job = await start('detect-failures');
    assert.deepEqual(await job.invoke(WAKE_UP), { 'detect-failures': { ran: true, affected: 1 } });
    const found = await api.call(['GET', `/api/sessions/${silent.session_id}`], 200, Session);
    assert.equal(found.status, 'stalled');
    const [metrics] = job.lines.filter((line) => line.includes('"_aws"'));
    assert.match(metrics ?? '', /"database_up":1,"active_sessions_count":1,"stalled_sessions_count":1/);
  });

  it('leave a turn alone that was taken, and keep their connection for the next', async () => {
    await using job = await start('detect-failures');
    assert.deepEqual(await job.invoke(WAKE_UP), { 'detect-failures': { ran: true, affected: 0 } });
    assert.deepEqual(await job.invoke(WAKE_UP), { 'detect-failures': { ran: false } });
    await connection.collection('leases').deleteMany({});
    assert.deepEqual(await job.invoke(WAKE_UP), { 'detect-failures': { ran: true, affected: 0 } });
    assert.equal(job.lines.filter((line) => line.includes('"message":"Database connected"')).length, 1);
  });

  it('delete what has ended for long enough, and then look for what does not fit together', async () => {
    const expired = await newSession();
    const recent = await newSession();
    for (const { session_id } of [expired, recent]) {
      await api.call(['PATCH', `/api/sessions/${session_id}`, { status: 'completed' }], 200, Session);
    }
    await change(recent, { expires_at: new Date(Date.now() + 60 * DAY) });
    await using job = await start('cleanup', { aheadMs: 31 * DAY });
    // What was changed behind the API's back is missing where ended sessions are counted.
    assert.deepEqual(await job.invoke(WAKE_UP), {
      cleanup: { ran: true, affected: 1 },
      consistency: { ran: true, affected: 1 },
    });
    const { consistency } = await api.call(['GET', '/api/stats'], 200, Stats);
    assert.deepEqual(
      consistency.findings.map(({ kind }) => kind),
      ['session_counts_disagree'],
    );
    assert.equal((await api.send('GET', `/api/sessions/${expired.session_id}`)).status, 404);
    await api.call(['GET', `/api/sessions/${recent.session_id}`], 200, Session);
  });

  it('fail where the database is away, so that the platform counts it and tries again', async () => {
    await using job = await start('detect-failures', { uri: 'mongodb://127.0.0.1:1/state' });
    await assert.rejects(job.invoke(WAKE_UP), { name: 'LambdaError', type: 'StorageUnavailableError' });
    assert.ok(job.output.includes('"message":"Database connection failed"'));
    assert.ok(job.output.includes('"database_up":0'));
  });
});
