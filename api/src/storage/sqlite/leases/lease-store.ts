import type { JobRun } from '../../records.ts';
import type { LeaseStore } from '../../storage.ts';
import type { Row } from '../engine/connection.ts';
import type { Runner } from '../engine/runner.ts';
import { integer, text, time } from '../sql/fields.ts';
import { toStored } from '../sql/values.ts';

const ACQUIRE = `
  INSERT INTO leases (name, holder, held_until) VALUES (:name, :holder, :until)
  ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, held_until = excluded.held_until
  WHERE leases.held_until <= :now OR leases.holder = excluded.holder`;

const RECORD_RUN = `
  INSERT INTO job_runs (job, started_at, duration_ms, affected, succeeded)
  VALUES (:job, :started_at, :duration_ms, :affected, :succeeded)
  ON CONFLICT (job) DO UPDATE SET started_at = excluded.started_at, duration_ms = excluded.duration_ms,
    affected = excluded.affected, succeeded = excluded.succeeded`;

const EXPECT = 'INSERT INTO expected_jobs (job, since) VALUES (:job, :since) ON CONFLICT (job) DO NOTHING';

export function createLeaseStore(runner: Runner): LeaseStore {
  return {
    acquire: (name, holder, now, until) =>
      runner.run((connection) => {
        const taken = connection.run(ACQUIRE, { name, holder, now: toStored(now), until: toStored(until) });
        return taken === 1;
      }),
    release: async (name, holder) => {
      await runner.run((connection) =>
        connection.run('DELETE FROM leases WHERE name = :name AND holder = :holder', { name, holder }),
      );
    },
    recordRun: async ({ job, started_at, duration_ms, affected, succeeded }) => {
      await runner.run((connection) =>
        connection.run(RECORD_RUN, {
          job,
          started_at: toStored(started_at),
          duration_ms,
          affected,
          succeeded: toStored(succeeded),
        }),
      );
    },
    lastRuns: () =>
      runner.run((connection) =>
        connection
          .all('SELECT job, started_at, duration_ms, affected, succeeded FROM job_runs ORDER BY job')
          .map(toJobRun),
      ),
    expectJobs: (jobs, now) =>
      runner.run((connection) => {
        for (const job of jobs) connection.run(EXPECT, { job, since: toStored(now) });
        const expected = connection.all('SELECT job, since FROM expected_jobs ORDER BY job');
        return expected
          .map((row) => ({ job: text(row, 'job'), since: time(row, 'since') }))
          .filter(({ job }) => jobs.includes(job));
      }),
  };
}

function toJobRun(row: Row): JobRun {
  return {
    job: text(row, 'job'),
    started_at: time(row, 'started_at'),
    duration_ms: integer(row, 'duration_ms'),
    affected: integer(row, 'affected'),
    succeeded: integer(row, 'succeeded') === 1,
  };
}
