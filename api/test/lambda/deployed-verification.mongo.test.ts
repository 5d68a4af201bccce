import assert from 'node:assert/strict';
import { verifyDeployment } from '../../../tools/verify-deployment/verify-deployment.ts';
import { freshDatabase, type TestDatabase } from '../storage/mongo/test-engine.ts';
import { assertOnlyFailed, checkOf } from '../verify-deployment/support/verified-run.ts';
import { DeployedApi } from './support/deployed-api.ts';
import { FunctionInstance } from './support/function-instance.ts';
import { HttpFront } from './support/http-front.ts';
import { Schedule } from './support/schedule.ts';
import { Unpacked } from './support/unpacked.ts';

/** Nothing can move a function's clock, so sessions are overdue sooner than they are in production. */
const STALL_THRESHOLD_MS = '4000';

describe('verifying the functions behind a gateway that speaks HTTP', () => {
  let database: TestDatabase;
  let functions: Record<'lambda' | 'detect-failures', Unpacked>;
  let api: DeployedApi;
  let front: HttpFront;
  before(async () => {
    database = await freshDatabase();
    functions = {
      lambda: await Unpacked.function('lambda'),
      'detect-failures': await Unpacked.function('detect-failures'),
    };
    api = await DeployedApi.start(functions.lambda.folder, database.uri, { STALL_THRESHOLD_MS });
    front = await HttpFront.start(api.instance);
  });
  after(async () => {
    await front[Symbol.asyncDispose]();
    await api[Symbol.asyncDispose]();
    for (const unpacked of Object.values(functions)) unpacked[Symbol.dispose]();
    await database.drop();
  });

  it('finds all of it well, the stall by the job that its schedule wakes', async () => {
    await using detection = await FunctionInstance.start({
      folder: functions['detect-failures'].folder,
      variables: { API_KEYS: api.key, MONGODB_URI: database.uri, STALL_THRESHOLD_MS },
    });
    await using schedule = new Schedule(detection);
    // A pulse of minutes would be a stall here.
    const report = await verifyDeployment({ url: front.url, key: api.key, pulse: 'skip' });
    assert.deepEqual(schedule.failures, []);
    assertOnlyFailed(report, [], ['pulse', 'endurance']);
    assert.match(checkOf(report, 'stall').detail ?? '', /by itself$/);
    assert.match(checkOf(report, 'removal').detail ?? '', /none left$/);
  });
});
