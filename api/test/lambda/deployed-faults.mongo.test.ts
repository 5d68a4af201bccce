import assert from 'node:assert/strict';
import { ServiceHealth, Session } from '@claude-projects/shared/contract';
import mongoose from 'mongoose';
import { type Proxy, startProxy } from '../storage/mongo/support/proxy.ts';
import { freshDatabase, type TestDatabase } from '../storage/mongo/test-engine.ts';
import { DeployedApi } from './support/deployed-api.ts';
import { Unpacked } from './support/unpacked.ts';

const NEW_SESSION = ['POST', '/api/sessions', { project_id: 'project', machine_id: 'machine' }] as const;

describe("the API's bundle where the database or the platform fails it", () => {
  let unpacked: Unpacked;
  let database: TestDatabase;
  let proxy: Proxy;
  let uri: string;
  before(async () => {
    unpacked = await Unpacked.function('lambda');
  });
  after(() => unpacked[Symbol.dispose]());
  beforeEach(async () => {
    database = await freshDatabase();
    const [host] = new mongoose.mongo.MongoClient(database.uri).options.hosts;
    proxy = await startProxy(host?.host ?? '127.0.0.1', host?.port ?? 27_017);
    uri = `mongodb://127.0.0.1:${proxy.port}/${database.name}?directConnection=true`;
  });
  afterEach(async () => {
    await proxy.cut();
    await database.drop();
  });

  it('starts without a database, says 503, and works as soon as there is one', async () => {
    await proxy.cut();
    await using api = await DeployedApi.start(unpacked.folder, uri);
    await api.call(['GET', '/health'], 200, ServiceHealth);
    assert.equal((await api.send('GET', '/api/sessions')).status, 503);
    await api.instance.untilPrinted(/"Database connection failed"/);
    await proxy.restore();
    await api.call(NEW_SESSION, 201, Session);
  });

  it('answers in time where the database does not', async () => {
    await using api = await DeployedApi.start(unpacked.folder, uri, { REQUEST_TIMEOUT_MS: '1000' });
    await api.call(NEW_SESSION, 201, Session);
    proxy.hang();
    assert.equal((await api.send('GET', '/api/sessions')).status, 504);
    await api.call(['GET', '/health'], 200, ServiceHealth);
  });

  it('is replaced by another instance where the platform ends it for taking too long', async () => {
    await using api = await DeployedApi.start(unpacked.folder, uri, {}, 3000);
    const { session_id } = await api.call(NEW_SESSION, 201, Session);
    proxy.hang();
    await assert.rejects(api.send('GET', '/api/sessions'), /timed out after 3000 ms/);
    await assert.rejects(api.send('GET', '/health'), /ended/);
    await proxy.restore();
    await using next = await DeployedApi.start(unpacked.folder, uri);
    await next.call(['GET', `/api/sessions/${session_id}`], 200, Session);
  });

  it('goes on after it was frozen, its connections gone', async () => {
    await using api = await DeployedApi.start(unpacked.folder, uri);
    const { session_id } = await api.call(NEW_SESSION, 201, Session);
    api.instance.freeze();
    proxy.reset();
    api.instance.thaw();
    await api.call(['POST', `/api/sessions/${session_id}/heartbeat`], 200, Session);
    await api.call(['GET', `/api/sessions/${session_id}`], 200, Session);
  });
});
