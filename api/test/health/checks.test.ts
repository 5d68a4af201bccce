import assert from 'node:assert/strict';
import { TimeLimitError, within } from '../../src/common/within.ts';
import { checkDatabase } from '../../src/health/database-check.ts';
import { checkJobs, type JobsCheck } from '../../src/health/jobs-check.ts';
import { worstOf } from '../../src/health/worst-of.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { overriding } from '../support/overriding.ts';
import { openTestStorage } from '../support/test-storage.ts';

describe('the health of a whole', () => {
  it('is that of its worst part', () => {
    assert.equal(worstOf([]), 'ok');
    assert.equal(worstOf(['ok', 'degraded', 'ok']), 'degraded');
    assert.equal(worstOf(['degraded', 'error', 'ok']), 'error');
  });
});

describe('a time limit', () => {
  it('gives what the work gives', async () => {
    assert.equal(await within(60_000, Promise.resolve(7)), 7);
    await assert.rejects(within(60_000, Promise.reject(new Error('no'))), /^Error: no$/);
  });

  it('gives up on work that takes longer', async () => {
    await assert.rejects(within(5, new Promise<void>(() => undefined)), TimeLimitError);
  });
});

describe('the health of a database', () => {
  it('is an error where it does not answer within the limit', async () => {
    const opened = await openTestStorage();
    const hung = overriding(opened.storage, { ping: () => new Promise<void>(() => undefined) });
    try {
      assert.deepEqual(await checkDatabase(hung, new FakeClock(), 5), {
        status: 'error',
        engine: opened.storage.engine,
        connected: false,
        response_time_ms: null,
      });
    } finally {
      await opened.storage.close();
      await opened.dispose();
    }
  });
});

describe('the health of jobs', () => {
  const at = (time: string) => new Date(`2026-03-${time}Z`);
  const schedule = [
    { name: 'often', cron: '*/2 * * * *' },
    { name: 'nightly', cron: '0 2 * * *' },
  ];
  const ran = (job: string, time: string, succeeded = true) => ({
    job,
    started_at: at(time),
    duration_ms: 1,
    affected: 0,
    succeeded,
  });
  const statuses = (check: Partial<JobsCheck> & { now: Date }) =>
    checkJobs({ schedule, lastRuns: [], expected: [], runningSince: undefined, ...check }).jobs.map(
      ({ status }) => status,
    );

  it('waits for a frequent job as long as for ten minutes, for a rare one until its second turn', () => {
    const lastRuns = [ran('often', '10T02:00:00'), ran('nightly', '10T02:00:00')];
    assert.deepEqual(statuses({ lastRuns, now: at('10T02:10:00') }), ['ok', 'ok']);
    assert.deepEqual(statuses({ lastRuns, now: at('10T02:10:01') }), ['degraded', 'ok']);
    assert.deepEqual(statuses({ lastRuns, now: at('12T02:00:00') }), ['degraded', 'ok']);
    assert.deepEqual(statuses({ lastRuns, now: at('12T02:00:01') }), ['degraded', 'degraded']);
  });

  it('gives a process that starts the time it gives a job that ran', () => {
    const lastRuns = [ran('often', '01T00:00:00')];
    const runningSince = at('10T12:00:00');
    assert.deepEqual(statuses({ lastRuns, runningSince, now: at('10T12:10:00') }), ['ok', 'ok']);
    assert.deepEqual(statuses({ lastRuns, runningSince, now: at('10T12:10:01') }), ['degraded', 'ok']);
    assert.deepEqual(statuses({ lastRuns, runningSince, now: at('12T02:00:01') }), ['degraded', 'degraded']);
  });

  it('is an error where the last run failed, however long ago', () => {
    const lastRuns = [ran('often', '10T12:00:00', false), ran('nightly', '10T02:00:00')];
    assert.deepEqual(checkJobs({ schedule, lastRuns, expected: [], runningSince: undefined, now: at('10T12:01:00') }), {
      status: 'error',
      last_run: '2026-03-10T12:00:00.000Z',
      jobs: [
        { name: 'often', status: 'error', last_run: '2026-03-10T12:00:00.000Z' },
        { name: 'nightly', status: 'ok', last_run: '2026-03-10T02:00:00.000Z' },
      ],
    });
  });

  it('waits as long for a job that never ran, from when it was expected on', () => {
    const expected = schedule.map(({ name }) => ({ job: name, since: at('10T12:00:00') }));
    assert.deepEqual(statuses({ expected, now: at('10T12:10:00') }), ['ok', 'ok']);
    assert.deepEqual(statuses({ expected, now: at('10T12:10:01') }), ['degraded', 'ok']);
    assert.deepEqual(statuses({ expected, now: at('12T02:00:00') }), ['degraded', 'ok']);
    assert.deepEqual(statuses({ expected, now: at('12T02:00:01') }), ['degraded', 'degraded']);
  });

  it('counts a job that never ran across restarts, and gives a new process ten minutes', () => {
    const expected = schedule.map(({ name }) => ({ job: name, since: at('01T12:00:00') }));
    const runningSince = at('10T12:00:00');
    assert.deepEqual(statuses({ expected, runningSince, now: at('10T12:10:00') }), ['ok', 'ok']);
    assert.deepEqual(statuses({ expected, runningSince, now: at('10T12:10:01') }), ['degraded', 'degraded']);
  });

  it('counts from the start of the process where nobody asked before', () => {
    const runningSince = at('10T12:00:00');
    const expected = schedule.map(({ name }) => ({ job: name, since: at('12T02:00:01') }));
    assert.deepEqual(statuses({ expected, runningSince, now: at('12T02:00:01') }), ['degraded', 'degraded']);
  });

  it('is ok before anything could have run', () => {
    assert.deepEqual(statuses({ now: at('10T12:00:00') }), ['ok', 'ok']);
  });
});
