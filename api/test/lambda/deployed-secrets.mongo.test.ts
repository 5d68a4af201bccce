import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { freshDatabase, type TestDatabase } from '../storage/mongo/test-engine.ts';
import { secretWatch } from '../support/secret-watch.ts';
import { FunctionInstance } from './support/function-instance.ts';
import { fromReply, toEvent } from './support/gateway.ts';
import { LambdaError } from './support/lambda-error.ts';
import { Unpacked } from './support/unpacked.ts';

const NAMES = ['lambda', 'detect-failures', 'cleanup'] as const;

describe("a function's secrets", () => {
  let database: TestDatabase;
  let unpacked: Unpacked;
  let key: string;
  before(async () => {
    database = await freshDatabase();
  });
  after(() => database.drop());
  beforeEach(async () => {
    key = randomUUID();
    secretWatch.addKeys([key]);
    unpacked = await Unpacked.function('lambda');
  });
  afterEach(() => unpacked[Symbol.dispose]());

  /** Reaches the database with one and lets the caller in by the other. */
  async function usesThem(variables: Record<string, string>): Promise<void> {
    await using instance = await FunctionInstance.start({ folder: unpacked.folder, variables });
    const list = { method: 'GET', url: '/api/sessions', headers: { 'x-api-key': key } };
    const { status, text } = fromReply(await instance.invoke(toEvent(list)));
    assert.equal(status, 200, text);
  }

  it('come from what the deployment encrypted beside the bundle', async () => {
    await usesThem(unpacked.link({ MongoDBUri: { value: database.uri }, ApiKeys: { value: key } }));
  });

  it('come from linked variables', async () => {
    await usesThem({
      SST_RESOURCE_MongoDBUri: JSON.stringify({ value: database.uri, type: 'sst.sst.Secret' }),
      SST_RESOURCE_ApiKeys: JSON.stringify({ value: key, type: 'sst.sst.Secret' }),
    });
  });

  it('come from plain variables where only the other is linked', async () => {
    await usesThem({ ...unpacked.link({ App: { name: 'app' }, ApiKeys: { value: key } }), MONGODB_URI: database.uri });
  });

  it('may be two keys at a time, so that one can take the place of the other', async () => {
    const other = randomUUID();
    secretWatch.addKeys([other]);
    await usesThem({ API_KEYS: `${other},${key}`, MONGODB_URI: database.uri });
  });
});

describe('a function without its secrets', () => {
  for (const name of NAMES) {
    it(`${name} fails before its first event, and names them all`, async () => {
      using unpacked = await Unpacked.function(name);
      await using instance = await FunctionInstance.start({ folder: unpacked.folder });
      const error = await refusalOf(instance);
      assert.equal(error.type, 'ConfigurationError');
      assert.match(error.message, /- MONGODB_URI: .+\n *- API_KEYS: /);
      await instance.untilPrinted(/\tERROR\tInit Error.+The configuration is not usable.+MONGODB_URI.+API_KEYS/);
    });
  }

  it('names what is wrong with them, and does not quote them', async () => {
    using unpacked = await Unpacked.function('lambda');
    const variables = unpacked.link({
      MongoDBUri: { value: 'planted-address-without-a-scheme' },
      ApiKeys: { value: 'planted-key' },
    });
    await using instance = await FunctionInstance.start({ folder: unpacked.folder, variables });
    const { message } = await refusalOf(instance);
    assert.match(message, /- MONGODB_URI: must begin with/);
    assert.match(message, /- API_KEYS: each key must be/);
    assert.doesNotMatch(message + instance.output, /planted/);
  });
});

async function refusalOf(instance: FunctionInstance): Promise<LambdaError> {
  const [outcome] = await Promise.allSettled([instance.invoke(toEvent({ method: 'GET', url: '/health' }))]);
  assert.ok(outcome.status === 'rejected' && outcome.reason instanceof LambdaError, instance.output);
  return outcome.reason;
}
