import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { ConfigurationError } from '../../src/config/configuration.ts';
import { readFunctionConfiguration } from '../../src/lambda/function-configuration.ts';
import { linkedSecrets } from '../../src/lambda/linked-secrets.ts';
import { MINUTE, SECOND } from '../support/fake-clock.ts';

const key = randomUUID();
const set = { MONGODB_URI: 'mongodb://variable/state', API_KEYS: key };

function problemsOf(variables: Record<string, string>, secrets: Record<string, string> = {}): readonly string[] {
  try {
    readFunctionConfiguration(variables, secrets);
  } catch (error) {
    assert.ok(error instanceof ConfigurationError);
    return error.problems.map((problem) => problem.split(':', 1)[0] ?? '');
  }
  return [];
}

describe("a function's configuration", () => {
  it('takes its secrets from variables where none are linked', () => {
    const { mongodbUri, apiKeys } = readFunctionConfiguration(set, {});
    assert.deepEqual({ mongodbUri, apiKeys }, { mongodbUri: set.MONGODB_URI, apiKeys: [key] });
  });

  it('takes linked secrets before variables', () => {
    const linked = { MONGODB_URI: 'mongodb://linked/state', API_KEYS: randomUUID() };
    const { mongodbUri, apiKeys } = readFunctionConfiguration(set, linked);
    assert.deepEqual({ mongodbUri, apiKeys }, { mongodbUri: linked.MONGODB_URI, apiKeys: [linked.API_KEYS] });
  });

  it('does not let a blank secret hide a variable', () => {
    assert.equal(readFunctionConfiguration(set, { MONGODB_URI: ' ' }).mongodbUri, set.MONGODB_URI);
  });

  it('names all that is missing and all that is wrong, at once', () => {
    assert.deepEqual(problemsOf({}), ['MONGODB_URI', 'API_KEYS']);
    assert.deepEqual(problemsOf({ MONGODB_URI: '', LOG_LEVEL: 'loud' }), ['MONGODB_URI', 'LOG_LEVEL', 'API_KEYS']);
    assert.deepEqual(problemsOf({}, { API_KEYS: key }), ['MONGODB_URI']);
  });

  it('counts limits in the storage, takes few connections and schedules nothing, unless told otherwise', () => {
    const { rateLimitStore, mongodbPoolSize, scheduleJobs } = readFunctionConfiguration(set, {});
    assert.deepEqual([rateLimitStore, mongodbPoolSize, scheduleJobs], ['storage', 5, false]);

    const told = readFunctionConfiguration({ ...set, RATE_LIMIT_STORE: 'memory', MONGODB_POOL_SIZE: '2' }, {});
    assert.deepEqual([told.rateLimitStore, told.mongodbPoolSize], ['memory', 2]);
  });

  it('knows that a job is over before the platform tries it again, which is a minute after it was cut off', () => {
    const { longestJobMs = Infinity } = readFunctionConfiguration(set, {});
    assert.ok(longestJobMs > 30 * SECOND && longestJobMs < MINUTE);
  });
});

describe('linked secrets', () => {
  it('go by the names of the variables that they stand for', () => {
    const resources = {
      MongoDBUri: { value: 'mongodb://linked/state' },
      ApiKeys: { value: key, type: 'sst.sst.Secret' },
    };
    assert.deepEqual(linkedSecrets(resources), { MONGODB_URI: 'mongodb://linked/state', API_KEYS: key });
  });

  it('are left out where they are not linked, without asking for them', () => {
    const refusing = new Proxy(
      {},
      {
        get: (_none, name) => {
          throw new Error(`${String(name)} is not linked`);
        },
      },
    );
    assert.deepEqual(linkedSecrets(refusing), {});
    assert.deepEqual(linkedSecrets(), {});
  });

  it('are left out where something else goes by their name', () => {
    assert.deepEqual(linkedSecrets({ MongoDBUri: { arn: 'arn:aws:s3:::bucket' }, ApiKeys: null }), {});
  });
});
