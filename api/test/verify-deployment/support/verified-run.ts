import assert from 'node:assert/strict';
import type { VerifyOptions } from '../../../../tools/verify-deployment/options.ts';
import type { CheckResult, Outcome, Report } from '../../../../tools/verify-deployment/report.ts';
import type { Time } from '../../../../tools/verify-deployment/time.ts';
import { verifyDeployment } from '../../../../tools/verify-deployment/verify-deployment.ts';
import { JobsService } from '../../../src/jobs/jobs.service.ts';
import { MINUTE } from '../../support/fake-clock.ts';
import type { TestApi } from '../../support/test-api.ts';
import { type Fault, FaultyProxy } from './faulty-proxy.ts';

/** For machines with better things to do. A run takes a quarter of a second; one that starts the program a second. */
export const RUN_LIMIT_MS = 120_000;

/** As often as the job that finds silent sessions has its turn. */
const TURN_MS = 2 * MINUTE;

/** The server's time for the verification too: who sleeps moves it on, and the jobs have their turns meanwhile. */
export function sharedTime({ clock, app }: TestApi, { jobs = true } = {}): Time {
  const nowMs = () => clock.now().getTime();
  return {
    nowMs,
    today: () => clock.now(),
    async sleep(ms, signal) {
      const until = nowMs() + ms;
      for (;;) {
        if (signal.aborted) throw signal.reason;
        const turn = (Math.floor(nowMs() / TURN_MS) + 1) * TURN_MS;
        clock.advance(Math.max(0, Math.min(turn, until) - nowMs()));
        if (nowMs() < turn) return;
        if (jobs) await app.get(JobsService).run('detect-failures');
      }
    },
  };
}

/** Verifies the API through a proxy that has this fault. */
export async function verifyThrough(api: TestApi, fault: Fault, more: Partial<VerifyOptions> = {}): Promise<Report> {
  await using proxy = await FaultyProxy.start(api.url, fault);
  return await verifyDeployment({ url: proxy.url, key: api.key, time: sharedTime(api), heartbeats: 10, ...more });
}

export const faultless: Fault = (request, forward) => forward(request);

export function idsOf(report: Report, outcome: Outcome): string[] {
  return report.checks.filter((check) => check.outcome === outcome).map(({ id }) => id);
}

export function checkOf(report: Report, id: string): CheckResult {
  const check = report.checks.find((candidate) => candidate.id === id);
  assert.ok(check, `no check "${id}"`);
  return check;
}

/** Exactly these failed; what does not apply over http:// or was left out aside, all others passed. */
export function assertOnlyFailed(report: Report, ids: readonly string[], leftOut: readonly string[] = []): void {
  const failed = report.checks.filter(({ outcome }) => outcome === 'failed');
  assert.deepEqual(
    failed.map(({ id }) => id),
    ids,
    failed.map(({ id, detail }) => `${id}: ${detail}`).join('\n'),
  );
  assert.equal(report.passed, ids.length === 0);
  assert.deepEqual(idsOf(report, 'not-verified'), ['certificate', 'hsts', 'http-redirect', 'cors', ...leftOut]);
}

/** Asked of the API itself, not through any fault. */
export async function assertNothingLeft(api: TestApi): Promise<void> {
  for (const path of ['/api/sessions', '/api/tasks', '/api/machines']) {
    const { status, body } = await api.call<{ total: number }>('GET', path);
    assert.equal(status, 200);
    assert.equal(body.total, 0, `${path} are left`);
  }
}
