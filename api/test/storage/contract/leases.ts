import assert from 'node:assert/strict';
import type { JobRun } from '../../../src/storage/records.ts';
import type { Storage } from '../../../src/storage/storage.ts';
import { AWKWARD_TEXT, at, FAR_AHEAD, MINUTE, uniqueId } from './builders.ts';
import { times } from './harness.ts';

/** Ahead of the real clock, by which an engine may clear away leases that ran out. */
const after = (milliseconds: number): Date => new Date(FAR_AHEAD.getTime() + milliseconds);

export function describeLeases(storage: () => Storage): void {
  describe('a lease', () => {
    it('goes to the first who asks, and to nobody else while it runs', async () => {
      const { leases } = storage();
      const name = uniqueId('job');
      assert.equal(await leases.acquire(name, 'a', after(0), after(MINUTE)), true);
      assert.equal(await leases.acquire(name, 'b', after(1), after(MINUTE)), false);
      assert.equal(await leases.acquire(name, 'b', after(MINUTE - 1), after(2 * MINUTE)), false);
    });

    it('is one for each name', async () => {
      const { leases } = storage();
      const name = uniqueId('job');
      assert.equal(await leases.acquire(name, 'a', after(0), after(MINUTE)), true);
      assert.equal(await leases.acquire(`${name} ${AWKWARD_TEXT}`, 'b', after(0), after(MINUTE)), true);
      assert.equal(await leases.acquire(name.toUpperCase(), 'b', after(0), after(MINUTE)), true);
    });

    it('is free once it has run out', async () => {
      const { leases } = storage();
      const name = uniqueId('job');
      await leases.acquire(name, 'a', after(0), after(MINUTE));
      assert.equal(await leases.acquire(name, 'b', after(MINUTE), after(2 * MINUTE)), true);
      assert.equal(await leases.acquire(name, 'a', after(MINUTE), after(2 * MINUTE)), false);
    });

    it('is prolonged by its holder', async () => {
      const { leases } = storage();
      const name = uniqueId('job');
      await leases.acquire(name, 'a', after(0), after(MINUTE));
      assert.equal(await leases.acquire(name, 'a', after(1), after(3 * MINUTE)), true);
      assert.equal(await leases.acquire(name, 'b', after(2 * MINUTE), after(4 * MINUTE)), false);
      assert.equal(await leases.acquire(name, 'b', after(3 * MINUTE), after(4 * MINUTE)), true);
    });

    it('is not prolonged by one who did not get it', async () => {
      const { leases } = storage();
      const name = uniqueId('job');
      await leases.acquire(name, 'a', after(0), after(MINUTE));
      await leases.acquire(name, 'b', after(1), after(9 * MINUTE));
      assert.equal(await leases.acquire(name, 'c', after(MINUTE), after(2 * MINUTE)), true);
    });

    it('is freed by its holder', async () => {
      const { leases } = storage();
      const name = uniqueId('job');
      await leases.acquire(name, 'a', after(0), after(MINUTE));
      await leases.release(name, 'a');
      assert.equal(await leases.acquire(name, 'b', after(1), after(MINUTE)), true);
    });

    it('is not freed by anybody else, the holder before included', async () => {
      const { leases } = storage();
      const name = uniqueId('job');
      await leases.acquire(name, 'a', after(0), after(MINUTE));
      await leases.release(name, 'b');
      assert.equal(await leases.acquire(name, 'b', after(1), after(MINUTE)), false);
      await leases.acquire(name, 'b', after(MINUTE), after(2 * MINUTE));
      await leases.release(name, 'a');
      assert.equal(await leases.acquire(name, 'a', after(MINUTE + 1), after(2 * MINUTE)), false);
    });

    it('may be released where nobody holds it', async () => {
      const { leases } = storage();
      const name = uniqueId('job');
      await leases.release(name, 'a');
      assert.equal(await leases.acquire(name, 'a', after(0), after(MINUTE)), true);
    });

    it('goes to one of twenty who ask at once, new or run out', async () => {
      const { leases } = storage();
      for (let round = 0; round < 10; round++) {
        const name = uniqueId('job');
        for (const start of [0, MINUTE, 2 * MINUTE]) {
          const got = await Promise.all(
            times(20, (index) => leases.acquire(name, `${start} ${index}`, after(start), after(start + MINUTE))),
          );
          assert.equal(got.filter(Boolean).length, 1);
        }
      }
    });
  });

  describe('the runs of jobs', () => {
    it('are kept, the last one of each job', async () => {
      const { leases } = storage();
      const [job, otherJob] = [uniqueId('job'), `${uniqueId('job')} ${AWKWARD_TEXT}`];
      const first: JobRun = { job, started_at: at(0), duration_ms: 12, affected: 3, succeeded: true };
      const second: JobRun = { job, started_at: at(MINUTE), duration_ms: 0, affected: 0, succeeded: false };
      const other: JobRun = { job: otherJob, started_at: at(1), duration_ms: 2 ** 33, affected: 1, succeeded: true };
      const kept = async () => {
        const runs = await leases.lastRuns();
        return runs.filter((run) => run.job === job || run.job === otherJob).sort((a, b) => (a.job < b.job ? -1 : 1));
      };
      const byJob = (...runs: JobRun[]) => runs.sort((a, b) => (a.job < b.job ? -1 : 1));
      await leases.recordRun(first);
      assert.deepEqual(await kept(), [first]);
      await leases.recordRun(other);
      await leases.recordRun(second);
      assert.deepEqual(await kept(), byJob(second, other));
    });

    it('are expected from the first time any instance asked', async () => {
      const { leases } = storage();
      const [early, late] = [uniqueId('job'), `${uniqueId('job')} ${AWKWARD_TEXT}`];
      const expected = async (jobs: string[], now: Date) =>
        new Map((await leases.expectJobs(jobs, now)).map(({ job, since }) => [job, since]));
      assert.deepEqual(await expected([early], at(0)), new Map([[early, at(0)]]));
      assert.deepEqual(
        await expected([late, early], at(MINUTE)),
        new Map([
          [early, at(0)],
          [late, at(MINUTE)],
        ]),
      );
      assert.deepEqual(await expected([late], at(1)), new Map([[late, at(MINUTE)]]), 'and no others');
      assert.deepEqual(await leases.expectJobs([], at(0)), []);
      assert.equal((await leases.lastRuns()).filter(({ job }) => job === early || job === late).length, 0);
      const raced = uniqueId('job');
      const answers = await Promise.all(times(10, (index) => expected([raced], at(index))));
      assert.equal(new Set(answers.map((answer) => answer.get(raced)?.getTime())).size, 1);
    });

    it('have nothing to do with the lease of the same name', async () => {
      const { leases } = storage();
      const job = uniqueId('job');
      await leases.acquire(job, 'a', after(0), after(MINUTE));
      await leases.recordRun({ job, started_at: at(0), duration_ms: 1, affected: 0, succeeded: true });
      assert.equal(await leases.acquire(job, 'b', after(1), after(MINUTE)), false);
      await leases.release(job, 'a');
      const runs = await leases.lastRuns();
      assert.equal(runs.filter((run) => run.job === job).length, 1);
      await leases.acquire(uniqueId('never-run'), 'a', after(0), after(MINUTE));
      assert.equal((await leases.lastRuns()).length, runs.length);
    });
  });
}
