import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { SchedulerRegistry } from '@nestjs/schedule';
import { randomId } from '../../src/common/ids.ts';
import { readConfiguration } from '../../src/config/configuration.ts';
import { JobsService } from '../../src/jobs/jobs.service.ts';
import { runJob } from '../../src/jobs/run-job.ts';
import { Log } from '../../src/logging/log.ts';
import { PrometheusMetrics } from '../../src/metrics/prometheus-metrics.ts';
import type { Storage } from '../../src/storage/storage.ts';
import { StorageUnavailableError } from '../../src/storage/storage-errors.ts';
import { FakeClock, MINUTE, SECOND } from '../support/fake-clock.ts';
import { overriding } from '../support/overriding.ts';
import { Scenario } from '../support/scenario.ts';
import { startTestApi, type TestApi } from '../support/test-api.ts';
import { openTestStorage } from '../support/test-storage.ts';

const jobsOf = (api: TestApi) => api.app.get(JobsService);

describe('3.2 background jobs', () => {
  it('are on the schedule of the configuration, and off it when that says so', async () => {
    const scheduled = await startTestApi({ scheduleJobs: true });
    const unscheduled = await startTestApi({ scheduleJobs: false });
    try {
      const cronJobs = scheduled.app.get(SchedulerRegistry).getCronJobs();
      const turns = [...cronJobs].map(([name, { cronTime }]) => [name, cronTime.source, cronTime.timeZone]);
      assert.deepEqual(turns, [
        ['detect-failures', '*/2 * * * *', 'UTC'],
        ['cleanup', '0 2 * * *', 'UTC'],
        ['consistency', '0 3 * * *', 'UTC'],
      ]);
      assert.ok([...cronJobs.values()].every((job) => job.isActive));
      assert.equal(unscheduled.app.get(SchedulerRegistry).getCronJobs().size, 0);
    } finally {
      await scheduled.close();
      await unscheduled.close();
    }
  });

  it('AC-3.2.c run by themselves when their turn comes', async function () {
    this.timeout(10_000);
    const api = await startTestApi({ scheduleJobs: true, detectFailuresCron: '* * * * * *' });
    try {
      const scenario = new Scenario(api);
      const { session_id } = await scenario.session();
      api.clock.advance(5 * MINUTE);
      while ((await scenario.readSession(session_id)).status !== 'stalled') await setImmediate();
    } finally {
      await api.close();
    }
  });

  it('run in a function that has no server, which then lets go of the storage', async () => {
    const opened = await openTestStorage();
    const { storage } = opened;
    const configuration = readConfiguration({ API_KEYS: randomUUID(), NODE_ENV: 'test' });
    const parts = {
      configuration,
      clock: new FakeClock(),
      log: new Log({ ...configuration, logLevel: 'silent' }),
      makeId: randomId,
      storage,
      metrics: new PrometheusMetrics(),
    };
    try {
      assert.deepEqual(await runJob('cleanup', parts), { ran: true, affected: 0 });
      await assert.rejects(storage.ping(), StorageUnavailableError);
    } finally {
      await opened.dispose();
    }
  });

  it('are done by whoever tries again where a run was cut off, and by nobody where it may still be going on', async () => {
    const longestJobMs = 45 * SECOND;
    const begun = Promise.withResolvers<void>();
    const cutOff = Promise.withResolvers<never[]>();
    const listExpired = () => {
      begun.resolve();
      return cutOff.promise;
    };
    const opened = await openTestStorage();
    const hanging = overriding(opened.storage, { sessions: overriding(opened.storage.sessions, { listExpired }) });
    const one = await startTestApi({ longestJobMs }, { sharedStorage: hanging });
    const other = await startTestApi({ longestJobMs }, { sharedStorage: opened.storage, clock: one.clock });
    try {
      const run = jobsOf(one).run('cleanup');
      await begun.promise;
      one.clock.advance(longestJobMs - 1);
      assert.deepEqual(await jobsOf(other).run('cleanup'), { ran: false });
      one.clock.advance(15 * SECOND);
      assert.deepEqual(await jobsOf(other).run('cleanup'), { ran: true, affected: 0 });
      cutOff.resolve([]);
      await run;
    } finally {
      cutOff.resolve([]);
      await other.close();
      await one.close();
      await opened.storage.close();
      await opened.dispose();
    }
  });

  it('leave a record of their last run, and a line in the log', async () => {
    const api = await startTestApi();
    try {
      await new Scenario(api).session();
      api.clock.advance(5 * MINUTE);
      const started_at = api.clock.now();
      assert.deepEqual(await jobsOf(api).run('detect-failures'), { ran: true, affected: 1 });
      assert.deepEqual(await jobsOf(api).run('cleanup'), { ran: true, affected: 0 });
      const runs = await api.storage.leases.lastRuns();
      assert.deepEqual(
        runs.toSorted((one, other) => (one.job < other.job ? -1 : 1)),
        [
          { job: 'cleanup', started_at, duration_ms: 0, affected: 0, succeeded: true },
          { job: 'detect-failures', started_at, duration_ms: 0, affected: 1, succeeded: true },
        ],
      );
      const [line] = api.log.withMessage('Job ran');
      assert.deepEqual(line?.context, { job_name: 'detect-failures', sessions_affected: 1, duration_ms: 0 });
    } finally {
      await api.close();
    }
  });
});

describe('3.2 background jobs of two instances on one storage', () => {
  let one: TestApi;
  let other: TestApi;
  beforeEach(async () => {
    one = await startTestApi();
    other = await startTestApi({}, { sharedStorage: one.storage, clock: one.clock });
  });
  afterEach(async () => {
    await other.close();
    await one.close();
  });

  const bothRun = async () => Promise.all([jobsOf(one).run('detect-failures'), jobsOf(other).run('detect-failures')]);

  it('run each turn once, whichever instance is first', async () => {
    const scenario = new Scenario(one);
    for (let turn = 0; turn < 3; turn++) {
      const { session_id } = await scenario.session();
      one.clock.advance(4 * MINUTE);
      const outcomes = await bothRun();
      assert.deepEqual(
        outcomes.filter(({ ran }) => ran),
        [{ ran: true, affected: 1 }],
      );
      assert.equal((await new Scenario(other).readSession(session_id)).status, 'stalled');
    }
  });

  it('do not run again within a turn, however fast the first run was, and do run in the next', async () => {
    const start = new Date(Math.ceil(one.clock.now().getTime() / (2 * MINUTE)) * 2 * MINUTE);
    one.clock.advance(start.getTime() - one.clock.now().getTime());
    assert.equal((await jobsOf(one).run('detect-failures')).ran, true);
    one.clock.advance(5 * SECOND);
    assert.deepEqual(await jobsOf(other).run('detect-failures'), { ran: false });
    assert.equal(other.log.withMessage('Job left to another instance').length, 1);
    one.clock.advance(2 * MINUTE - 5 * SECOND);
    assert.equal((await jobsOf(other).run('detect-failures')).ran, true);
  });

  it('have a lease for each job', async () => {
    assert.equal((await jobsOf(one).run('detect-failures')).ran, true);
    assert.equal((await jobsOf(other).run('cleanup')).ran, true);
  });
});

describe('3.2 a background job that fails', () => {
  it('frees its lease, so that another instance takes the turn, and is on record', async () => {
    const fault = new Error('the sweep broke');
    const breaking = (storage: Storage) =>
      overriding(storage, {
        sessions: overriding(storage.sessions, { markOverdueStalled: () => Promise.reject(fault) }),
      });
    const one = await startTestApi({}, { decorate: breaking });
    const other = await startTestApi({}, { sharedStorage: healed(one), clock: one.clock });
    try {
      await assert.rejects(jobsOf(one).run('detect-failures'), fault);
      const [run] = await one.storage.leases.lastRuns();
      assert.deepEqual(run, {
        job: 'detect-failures',
        started_at: one.clock.now(),
        duration_ms: 0,
        affected: 0,
        succeeded: false,
      });
      const [line] = one.log.withMessage('Job failed');
      assert.equal(line?.level, 'ERROR');
      assert.match(String(line.context['stack']), /the sweep broke/);
      assert.equal((await jobsOf(other).run('detect-failures')).ran, true);
    } finally {
      await other.close();
      await one.close();
    }
  });
});

/** The same database for an instance in which nothing breaks. */
function healed(api: TestApi): Storage {
  return overriding(api.storage, {
    sessions: overriding(api.storage.sessions, { markOverdueStalled: async () => [] }),
  });
}

describe('3.2 closing in order', () => {
  /** An API whose storage holds one call back until it is let go, and notes when it is closed. */
  async function startHeldBack(events: string[]) {
    const reached = Promise.withResolvers<void>();
    const gate = Promise.withResolvers<void>();
    const holdBack = async <T>(call: () => Promise<T>): Promise<T> => {
      reached.resolve();
      await gate.promise;
      return call();
    };
    const api = await startTestApi(
      {},
      {
        decorate: (storage) =>
          overriding(storage, {
            sessions: overriding(storage.sessions, {
              markOverdueStalled: (...args) => holdBack(() => storage.sessions.markOverdueStalled(...args)),
              countByStatus: () => holdBack(() => storage.sessions.countByStatus()),
            }),
            close: async () => {
              events.push('storage closed');
              await storage.close();
            },
          }),
      },
    );
    return { api, reached: reached.promise, letGo: gate.resolve };
  }

  for (const what of ['job', 'request'] as const) {
    it(`waits for a running ${what} before it closes the storage`, async () => {
      const events: string[] = [];
      const { api, reached, letGo } = await startHeldBack(events);
      const work = what === 'job' ? jobsOf(api).run('detect-failures') : api.call('GET', '/api/sessions/health');
      const noted = work.then((result) => {
        events.push('work done');
        return result;
      });
      await reached;
      const closing = api.close();
      // Enough turns of the event loop for a close that waits for nothing to be over.
      for (let turn = 0; turn < 100; turn++) await setImmediate();
      assert.deepEqual(events, []);
      letGo();
      const result = await noted;
      assert.ok('ran' in result ? result.ran : result.status === 200);
      await closing;
      // A caller far away may read the reply after the storage is closed; a job may not.
      if (what === 'job') assert.deepEqual(events, ['work done', 'storage closed']);
      else assert.equal(events.length, 2);
    });
  }
});
