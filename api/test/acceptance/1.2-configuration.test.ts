import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { type Configuration, ConfigurationError, readConfiguration } from '../../src/config/configuration.ts';

const key = randomUUID();

function messageFor(variables: Record<string, string>): string {
  try {
    readConfiguration(variables);
  } catch (error) {
    assert.ok(error instanceof ConfigurationError);
    return error.message;
  }
  return assert.fail('the configuration was accepted');
}

describe('1.2 the configuration', () => {
  it('AC-1.2.d names the keys it misses, in production, in tests, and where nothing is said', () => {
    for (const variables of [{}, { NODE_ENV: 'production' }, { NODE_ENV: 'test' }, { API_KEYS: ' , ' }]) {
      assert.match(messageFor({ ...variables }), /API_KEYS: is required/);
    }
  });

  it('AC-1.2.d names every wrong variable in one message, and shows none of the values', () => {
    const wrong = {
      NODE_ENV: 'wrong-environment',
      PORT: 'wrong-port',
      API_KEYS: `${key},wrong-key`,
      MONGODB_URI: 'postgres://someone:wrong-password@host/db',
      MONGODB_POOL_SIZE: '0.12345',
      LOG_LEVEL: 'wrong-level',
      STALL_THRESHOLD_MS: '-98765',
      RETENTION_DAYS: 'wrong-days',
      MAX_RECOVERY_ATTEMPTS: 'wrong-attempts',
      ABANDON_AFTER_HOURS: 'wrong-hours',
      DETECT_FAILURES_CRON: 'wrong cron',
      CLEANUP_CRON: 'wrong cron too',
      DATABASE_TIMEOUT_MS: 'wrong-timeout',
      PUBLIC_DOCS: 'wrong-flag',
    };
    const message = messageFor(wrong);
    for (const [name, value] of Object.entries(wrong)) {
      assert.ok(message.includes(`- ${name}: `), `${name} is not named`);
      assert.ok(!message.includes(value), `the value of ${name} is shown`);
    }
    assert.ok(!message.includes(key));
    assert.ok(!message.includes('wrong-password'));
  });

  it('takes the documented defaults for all that is not set, and for what is set to nothing', () => {
    const expected: Partial<Configuration> = {
      nodeEnv: 'production',
      port: 3000,
      host: '127.0.0.1',
      apiKeys: [key],
      authenticationBypassed: false,
      mongodbUri: undefined,
      dataDir: '.data',
      logLevel: 'info',
      stallThresholdMs: 180_000,
      retentionDays: 30,
      maxRecoveryAttempts: 3,
      abandonAfterHours: 24,
      detectFailuresCron: '*/2 * * * *',
      cleanupCron: '0 2 * * *',
      scheduleJobs: true,
      databaseTimeoutMs: 10_000,
      docsPublic: true,
    };
    for (const configuration of [
      readConfiguration({ API_KEYS: key }),
      readConfiguration({ API_KEYS: key, PORT: '', MONGODB_URI: ' ', ABANDON_AFTER_HOURS: '' }),
    ]) {
      assert.deepEqual({ ...configuration, ...expected }, configuration);
    }
  });

  it('reads a list of keys with blanks around them', () => {
    const other = randomUUID();
    assert.deepEqual(readConfiguration({ API_KEYS: ` ${key} , ${other},` }).apiKeys, [key, other]);
  });

  it('AC-1.2.c takes the database from MONGODB_URI', () => {
    for (const uri of ['mongodb://127.0.0.1:27017/claude-projects', 'mongodb+srv://cluster.example/claude-projects']) {
      assert.equal(readConfiguration({ API_KEYS: key, MONGODB_URI: uri }).mongodbUri, uri);
    }
  });

  it('AC-1.3.f refuses to go without keys, and only development may', () => {
    assert.throws(() => readConfiguration({ API_KEYS: '' }), ConfigurationError);
    assert.throws(() => readConfiguration({ API_KEYS: '', NODE_ENV: 'production' }), ConfigurationError);
    assert.equal(readConfiguration({ API_KEYS: '', NODE_ENV: 'development' }).authenticationBypassed, true);
    assert.equal(readConfiguration({ API_KEYS: key, NODE_ENV: 'development' }).authenticationBypassed, false);
  });

  it('closes the reference in production when told to, and nowhere else', () => {
    const docsPublic = (variables: Record<string, string>) =>
      readConfiguration({ API_KEYS: key, ...variables }).docsPublic;
    assert.equal(docsPublic({ PUBLIC_DOCS: 'false' }), false);
    assert.equal(docsPublic({ PUBLIC_DOCS: 'false', NODE_ENV: 'development' }), true);
  });
});
