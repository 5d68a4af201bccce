import assert from 'node:assert/strict';
import { Session } from '@claude-projects/shared/contract';
import mongoose from 'mongoose';
import { freshDatabase, type TestDatabase } from '../storage/mongo/test-engine.ts';
import { secretWatch } from '../support/secret-watch.ts';
import { DeployedApi } from './support/deployed-api.ts';
import { PasswordFront } from './support/password-front.ts';
import { Unpacked } from './support/unpacked.ts';

const USER = 'planted-user';

/** Each with what SASLprep makes of it, which is what a server knows. */
const PASSWORDS = {
  'in ASCII': ['planted p@ss/word%', 'planted p@ss/word%'],
  // What prepares these is kept for later.
  'in Unicode': ['planted-p\u00e4ssw\u00f6rt I\u00adX \u2168', 'planted-p\u00e4ssw\u00f6rt IX IX'],
} as const;

describe("the API's bundle before a database that asks for a password", () => {
  let database: TestDatabase;
  let unpacked: Unpacked;
  let engine: { host: string; port: number };
  before(async () => {
    unpacked = await Unpacked.function('lambda');
    database = await freshDatabase();
    const [address] = new mongoose.mongo.MongoClient(database.uri).options.hosts;
    engine = { host: address?.host ?? '127.0.0.1', port: address?.port ?? 27_017 };
  });
  after(async () => {
    unpacked[Symbol.dispose]();
    await database.drop();
  });

  function addressOf({ port }: PasswordFront, password: string): string {
    secretWatch.addKeys([password, encodeURIComponent(password)]);
    const credentials = `${USER}:${encodeURIComponent(password)}`;
    return `mongodb://${credentials}@127.0.0.1:${port}/${database.name}?directConnection=true&authSource=admin&authMechanism=SCRAM-SHA-256`;
  }

  for (const [kind, [typed, prepared]] of Object.entries(PASSWORDS)) {
    it(`is let in by one ${kind}`, async () => {
      await using front = await PasswordFront.start(engine, USER, prepared);
      await using api = await DeployedApi.start(unpacked.folder, addressOf(front, typed));
      await api.call(['POST', '/api/sessions', { project_id: kind, machine_id: 'machine' }], 201, Session);
      assert.ok(front.admitted > 0);
    });
  }

  it('says that it was refused with a wrong one, and does not quote it', async () => {
    await using front = await PasswordFront.start(engine, USER, 'another');
    await using api = await DeployedApi.start(unpacked.folder, addressOf(front, 'planted-password'));
    assert.equal((await api.send('GET', '/api/sessions')).status, 503);
    assert.match(await api.instance.untilPrinted(/Database connection failed/), /refused/);
    assert.doesNotMatch(api.instance.output, /planted/);
    assert.equal(front.admitted, 0);
  });
});
